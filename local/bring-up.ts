/** Emulator and deployment with a progress display: the first part of `up`, `start` and `test`. */
import { deployTo } from './deployment.ts';
import { type Emulator, emulatorFor } from './emulator/emulator.ts';
import type { Outputs } from './outsider/outputs.ts';
import { runSteps } from './progress.ts';
import type { Workspace } from './workspace.ts';

export interface Deployment {
  readonly emulator: Emulator;
  readonly outputs: Outputs;
}

/** @param onStarted is handed the emulator as soon as it runs, so that it is stopped even if the deployment fails */
export async function bringUp(
  workspace: Workspace,
  {
    port,
    find = emulatorFor,
    onStarted,
  }: { readonly port: number; readonly find?: typeof emulatorFor; readonly onStarted: (emulator: Emulator) => void },
): Promise<Deployment> {
  let emulator: Emulator | undefined;
  let outputs: Outputs | undefined;
  await runSteps([
    {
      title: 'AWS emulator',
      run: async (tell) => {
        emulator = await find(workspace, port, tell);
        onStarted(emulator);
        return `AWS emulator ${emulator.origins}: ${emulator.origin}`;
      },
    },
    {
      title: 'Fund Center',
      run: async (tell) => {
        if (!emulator) throw new Error('the step before has started no emulator');
        outputs = await deployTo(emulator, workspace, tell);
        return `Fund Center deployed: ${outputs['ApiUrl']}`;
      },
    },
  ]);
  if (!emulator || !outputs) throw new Error('the deployment ended without its outputs');
  return { emulator, outputs };
}
