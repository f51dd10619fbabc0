/** `npm run bench:<name>`: runs a bench, with an emulator of its own where it needs one. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './child.ts';
import { runCommand } from './command.ts';
import { type Emulator, startEmulator } from './emulator/emulator.ts';
import { freePort } from './emulator/port.ts';
import { Failure } from './failure.ts';
import { bin, localFolder, workspaceIn } from './workspace.ts';

const needs: Readonly<Record<string, 'emulator' | 'nothing'>> = {
  ledger: 'emulator',
  contention: 'nothing',
  routing: 'nothing',
  reconcile: 'nothing',
};

await runCommand(async (opened) => {
  const [name = '', ...args] = process.argv.slice(2);
  const needed = needs[name];
  if (needed === undefined)
    throw new Failure(`there is no bench "${name}"; there are: ${Object.keys(needs).join(', ')}`);
  const emulator = needed === 'emulator' ? await ownEmulator(opened) : undefined;
  const env = { ...process.env, ...emulator?.env };
  return runVisibly({ command: bin('node'), args: [join('bench', `${name}.ts`), ...args], env });
});

async function ownEmulator(opened: AsyncDisposableStack): Promise<Emulator> {
  const workspace = workspaceIn(join(localFolder, 'bench', randomUUID()));
  opened.defer(async () => rmSync(workspace.folder, { recursive: true, force: true }));
  const emulator = await startEmulator(workspace, await freePort(), () => undefined);
  opened.defer(emulator.stop);
  return emulator;
}
