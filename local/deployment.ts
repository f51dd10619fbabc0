/** The CDK app on an emulator: bootstrap, deploy, and the outputs written where others find them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged } from './child.ts';
import type { Emulator } from './emulator/emulator.ts';
import { flatOutputs, type Outputs } from './outsider/outputs.ts';
import { bin, type Workspace } from './workspace.ts';

/** @param tell is told in a few words what happens now */
export async function deployTo(
  emulator: Emulator,
  workspace: Workspace,
  tell: (step: string) => void,
): Promise<Outputs> {
  const perStack = join(workspace.folder, 'stack-outputs.json');
  const log = workspace.deployLog;
  rmSync(log, { force: true });
  let told = '';
  const tellStack = (line: string) => {
    const stack = stackUnderWay(line);
    if (stack === undefined || stack === told) return;
    told = stack;
    tell(`deploying the stack ${stack}`);
  };
  const cdk = (args: readonly string[]) =>
    runLogged(
      `cdk ${args[0]}`,
      {
        command: bin('node'),
        args: [bin('cdk'), ...args, '--no-notices', '--no-color'],
        env: { ...emulator.env, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      },
      { log, onLine: tellStack },
    );
  tell('making the templates');
  await cdk(['synth', '--quiet', '--output', workspace.cdkOutput]);
  tell('preparing the account');
  await cdk(['bootstrap', '--app', workspace.cdkOutput]);
  tell('deploying the stacks');
  const options = ['--require-approval', 'never', '--concurrency', '4', '--outputs-file', perStack];
  await cdk(['deploy', '--all', '--app', workspace.cdkOutput, ...options]);
  const outputs = flatOutputs(JSON.parse(readFileSync(perStack, 'utf8')));
  writeFileSync(workspace.outputs, `${JSON.stringify(outputs, null, 2)}\n`);
  return outputs;
}

/** `FundCenter-local-Api: creating CloudFormation changeset...` is worth telling; each of hundreds of resources is not. */
const stackUnderWay = (line: string): string | undefined =>
  /^FundCenter-[a-z0-9-]+-(\w+): (?:deploying|creating|updating)/.exec(line.trim())?.[1];
