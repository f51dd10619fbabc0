import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { writeShellEnvironment } from '../local/how-to-go-on.ts';
import { center } from './support/deployment.ts';

const run = promisify(execFile);

test.each(['README.md', 'README.zh-CN.md'])(
  'the tour of %s does what it says, typed as it stands there',
  async (file) => {
    const tour = /```bash tour\n([\s\S]*?)```/.exec(readFileSync(file, 'utf8'))?.[1];
    const folder = mkdtempSync(join(tmpdir(), 'fund-center-tour-'));
    try {
      mkdirSync(join(folder, '.local'));
      await writeShellEnvironment({ center: center(), emulator: { env: process.env } }, join(folder, '.local'));
      const { stdout } = await run('bash', ['-eu', '-o', 'pipefail', '-c', tour ?? 'false'], { cwd: folder });
      const lines = stdout.trim().split('\n');
      const shown = [...stdout.matchAll(/"kind":"(\w+)","product":"\w+","status":"(\w+)"/g)];
      expect(shown.slice(0, 4).map(([, kind, status]) => `${kind} ${status}`)).toEqual([
        'top_up succeeded',
        'withdrawal succeeded',
        'top_up succeeded', // found by its reference
        'refund succeeded',
      ]);
      expect(stdout).toContain('/cashier?'); // where the payer goes
      expect(stdout).toContain('"candidates":[');
      expect(stdout).toContain('"totals":[');
      expect(lines).toContain('7500');
      expect(stdout).not.toContain('urn:fund-center:problem');
      expect(stdout).toContain('withdrawal_capture'); // the account statement as CSV
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
