/** Finds the deployment on this machine for a command that uses it, and points the AWS clients of this process at it. */
import { existsSync } from 'node:fs';
import { runningEmulator } from './emulator/emulator.ts';
import { callersAws, emulatedAws } from './emulator/environment.ts';
import { Failure } from './failure.ts';
import { type Outputs, readOutputs } from './outsider/outputs.ts';
import { localFolder, workspaceIn } from './workspace.ts';

/** @throws Failure when nothing is deployed here, or the emulator has ended. */
export async function connectToDeployment(): Promise<Outputs> {
  const workspace = workspaceIn(localFolder);
  if (!existsSync(workspace.outputs)) throw new Failure('nothing is deployed on this machine: run `npm run up` first');
  if (process.env['AWS_ENDPOINT_URL']) {
    process.env = callersAws();
  } else {
    const running = await runningEmulator(workspace);
    if (!running) throw new Failure('the emulator has ended, and with it what was deployed: run `npm run up` again');
    process.env = emulatedAws(`http://localhost:${running.port}`);
  }
  return readOutputs(workspace.outputs);
}
