/** `npm run up`: the emulator and the deployed Fund Center, left running. A second `up` deploys what has changed. */
import { bringUp } from './bring-up.ts';
import { runCommand } from './command.ts';
import { chosenPort } from './emulator/port.ts';
import { writeShellEnvironment } from './how-to-go-on.ts';
import { centerAt } from './outsider/center.ts';
import { localFolder, workspaceIn } from './workspace.ts';

await runCommand(async (opened) => {
  const workspace = workspaceIn(localFolder);
  const { emulator, outputs } = await bringUp(workspace, {
    port: chosenPort(),
    onStarted: (found) => {
      if (found.origins === 'started') opened.defer(found.stop);
    },
  });
  process.env = emulator.env;
  await writeShellEnvironment({ center: centerAt(outputs), emulator }, workspace.folder);
  opened.move(); // from here on it outlives us
  console.log(`
The stack outputs are in .local/outputs.json; \`. .local/env.sh\` lets curl and the AWS tools reach what runs (README).
\`npm run down\` ends the emulator and all that it holds.`);
  return 0;
});
