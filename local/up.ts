/** `npm run up`: the emulator and the deployed Fund Center, left running. A second `up` deploys what has changed. */
import { bringUp } from './bring-up.ts';
import { runCommand } from './command.ts';
import type { Emulator } from './emulator/emulator.ts';
import { chosenPort } from './emulator/port.ts';
import { writeShellEnvironment } from './how-to-go-on.ts';
import { centerAt } from './outsider/center.ts';
import { localFolder, workspaceIn } from './workspace.ts';

await runCommand(async () => {
  const workspace = workspaceIn(localFolder);
  let started: Emulator | undefined;
  try {
    const { emulator, outputs } = await bringUp(workspace, {
      port: chosenPort(),
      onStarted: (emulator) => {
        if (emulator.origins === 'started') started = emulator;
      },
    });
    process.env = emulator.env;
    await writeShellEnvironment({ center: centerAt(outputs), emulator }, workspace.folder);
  } catch (error) {
    await started?.stop();
    throw error;
  }
  console.log(
    '\nThe stack outputs are in .local/outputs.json. `npm run down` ends the emulator and all that it holds.',
  );
});
