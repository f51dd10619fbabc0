import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { writeShellEnvironment } from '../local/how-to-go-on.ts';
import { center } from './support/deployment.ts';

const run = promisify(execFile);

test('the guide of reconciliation leads from nothing to a balanced day, typed as it stands there', async () => {
  const guide = readFileSync('docs/reconciliation-guide.md', 'utf8');
  const commands = [...guide.matchAll(/```bash guide\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  expect(commands).toHaveLength(13);
  const folder = mkdtempSync(join(tmpdir(), 'fund-center-guide-'));
  try {
    mkdirSync(join(folder, '.local'));
    await writeShellEnvironment({ center: center(), emulator: { env: process.env } }, join(folder, '.local'));
    const options = { cwd: folder, maxBuffer: 16 * 1024 * 1024 };
    const { stdout } = await run('bash', ['-eu', '-o', 'pipefail', '-c', commands.join('\n')], options);
    expect(stdout).not.toContain('urn:fund-center:problem');
    const lines = stdout.split('\n').map((line) => line.replace(/(?<=^[MB])\d+/, ''));
    expect(lines).toEqual(expect.arrayContaining(['amount_mismatch of line 3: 5', 'missing_in_books of line 4: 1234']));
    const told = lines.filter((line) => /^([MB] v\d|awaited|arrived|\d$|post_)/.test(line));
    expect(told).toEqual([
      'M v1 is differing',
      'M v2 is balanced',
      'awaited 14910',
      'B v1 is balanced',
      'arrived 0',
      'M v3 is balanced',
      '3', // the version that took the settlement of the second one back
      expect.stringMatching(/^post_/),
    ]);
    expect(lines).toContain('16149'); // which the second version had settled, both resolutions included
  } finally {
    rmSync(folder, { recursive: true });
  }
});
