/** `npm run bench:<name>`: runs a bench, with an emulator or a deployment of its own where it needs one. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bringUp } from './bring-up.ts';
import { runVisibly } from './child.ts';
import { runCommand } from './command.ts';
import { type Emulator, startEmulator } from './emulator/emulator.ts';
import { freePort } from './emulator/port.ts';
import { Failure } from './failure.ts';
import { bin, localFolder, workspaceIn } from './workspace.ts';

const needs: Readonly<Record<string, 'emulator' | 'deployment' | 'nothing'>> = {
  ledger: 'emulator',
  contention: 'nothing',
  routing: 'nothing',
  reconcile: 'nothing',
  e2e: 'deployment',
};

await runCommand(async (opened) => {
  const [name = '', ...args] = process.argv.slice(2);
  const needed = needs[name];
  if (needed === undefined)
    throw new Failure(`there is no bench "${name}"; there are: ${Object.keys(needs).join(', ')}`);
  const env = { ...process.env, ...(await surroundings(needed, opened)) };
  return runVisibly({ command: bin('node'), args: [join('bench', `${name}.ts`), ...args], env });
});

/** What the bench finds in its environment; it goes with the bench. */
async function surroundings(
  needed: 'emulator' | 'deployment' | 'nothing',
  opened: AsyncDisposableStack,
): Promise<NodeJS.ProcessEnv> {
  if (needed === 'nothing') return {};
  const workspace = workspaceIn(join(localFolder, 'bench', randomUUID()));
  opened.defer(async () => rmSync(workspace.folder, { recursive: true, force: true }));
  const port = await freePort();
  if (needed === 'emulator') {
    const emulator = await startEmulator(workspace, port, () => undefined);
    opened.defer(emulator.stop);
    return emulator.env;
  }
  const onStarted = ({ stop }: Emulator) => opened.defer(stop);
  const { emulator } = await bringUp(workspace, { port, find: startEmulator, onStarted });
  return { ...emulator.env, FUND_CENTER_OUTPUTS: workspace.outputs };
}
