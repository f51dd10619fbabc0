/** `npm run down`: ends the emulator that `up` left running, and with it all that it holds. */
import { rmSync } from 'node:fs';
import { runCommand } from './command.ts';
import { runningEmulator, stopEmulator } from './emulator/emulator.ts';
import { localFolder, workspaceIn } from './workspace.ts';

await runCommand(async () => {
  const workspace = workspaceIn(localFolder);
  const running = await runningEmulator(workspace);
  if (running) await stopEmulator(workspace, running);
  rmSync(workspace.outputs, { force: true });
  console.log(running ? '✔ The emulator has ended.' : 'No emulator of ours runs.');
});
