import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';

/**
 * `npm test` holds the repository against these rules; here the rules themselves are tried on a small repository, in
 * which every file `…-from.ts` imports what is written beside it.
 */
type Arrow = readonly [what: string, from: string, imported: string];

const refused: readonly Arrow[] = [
  ['of a context by the kernel', 'functions/kernel/a-from.ts', '../ledger/index.ts'],
  ['of payments by the ledger', 'functions/ledger/a-from.ts', '../payments/index.ts'],
  ['of reconciliation by payments', 'functions/payments/a-from.ts', '../reconciliation/index.ts'],
  ['of webhooks by payments', 'functions/payments/c-from.ts', '../webhooks/index.ts'],
  ['past the door of the ledger', 'functions/payments/b-from.ts', '../ledger/entry.ts'],
  ['of the runtime by a use case', 'functions/ledger/b-from.ts', '../runtime/log.ts'],
  ['of an entry point by a use case', 'functions/ledger/c-from.ts', './handlers/entry-point.ts'],
  ['of a neighbour by an entry point', 'functions/ledger/handlers/a-from.ts', '../../access/index.ts'],
  ['of the center by the sandbox', 'functions/sandbox/a-from.ts', '../ledger/index.ts'],
  ['of a use case by a stack', 'lib/a-from.ts', '../functions/ledger/entry.ts'],
  ['of the code by the demo', 'local/demo/a-from.ts', '../../functions/ledger/index.ts'],
  ['of a test by the code', 'functions/ledger/d-from.ts', '../../test/support/helper.ts'],
  ['in a circle', 'functions/ledger/e-from.ts', './f-from.ts'],
];

const letThrough: readonly Arrow[] = [
  ['of the kernel by a context', 'functions/ledger/g-from.ts', '../kernel/money.ts'],
  ['of the ledger by payments', 'functions/payments/g-from.ts', '../ledger/index.ts'],
  ['of the runtime by an entry point', 'functions/ledger/handlers/g-from.ts', '../../runtime/log.ts'],
  ['of a door by the wiring', 'functions/runtime/wiring/g-from.ts', '../../ledger/index.ts'],
  ['of routes by a stack', 'lib/stacks/g-from.ts', '../../functions/ledger/routes.ts'],
];

const resultSchema = z.object({ summary: z.object({ violations: z.array(z.object({ from: z.string() })) }) });

const folder = mkdtempSync(join(tmpdir(), 'fund-center-arrows-'));
let breaking: readonly string[];

beforeAll(() => {
  for (const tool of ['.dependency-cruiser.cjs', 'package.json']) cpSync(tool, join(folder, tool));
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  for (const [, from, imported] of [...refused, ...letThrough]) {
    write(from, `import { thing } from '${imported}';\nexport const same = thing;`);
    const target = join(dirname(from), imported);
    if (!target.endsWith('-from.ts')) write(target, 'export const thing = 1;');
  }
  const cruiser = join(process.cwd(), 'node_modules', '.bin', 'depcruise');
  const args = [cruiser, 'functions', 'lib', 'local', '--config', '.dependency-cruiser.cjs', '-T', 'json'];
  const output = execFileSync(process.execPath, args, { cwd: folder });
  breaking = resultSchema.parse(JSON.parse(output.toString())).summary.violations.map(({ from }) => from);
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

test.each(refused)('an import is refused %s', (_, from) => {
  expect(breaking).toContain(from);
});

describe('an import is let through', () => {
  test.each(letThrough)('%s', (_, from) => {
    expect(breaking).not.toContain(from);
  });
});
