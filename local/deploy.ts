/**
 * `npm run deploy -- [--stage NAME] [options of cdk deploy]`: the same app to a real AWS account, with the credentials and
 * region that the AWS tools find. Without a name the stage is `production`.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runVisibly } from './child.ts';
import { runCommand } from './command.ts';
import { Failure } from './failure.ts';
import { flatOutputs } from './outsider/outputs.ts';
import { bin, localFolder, workspaceIn } from './workspace.ts';

await runCommand(async () => {
  if (process.env['AWS_ENDPOINT_URL']) {
    throw new Failure(
      'AWS_ENDPOINT_URL is set, which is an emulator: unset it to deploy to AWS, or use `npm run up` for the emulator',
    );
  }
  const { stage, rest } = stageAndRest(process.argv.slice(2));
  const { folder } = workspaceIn(localFolder);
  const perStack = join(folder, `stack-outputs-${stage}.json`);
  const cdk = (...args: string[]) =>
    runVisibly({ command: bin('node'), args: [bin('cdk'), ...args, '-c', `stage=${stage}`] });
  rmSync(perStack, { force: true });
  if ((await cdk('bootstrap')) !== 0) {
    throw new Failure(
      'cdk could not prepare the account: check the credentials and the region (AWS_PROFILE, AWS_REGION)',
    );
  }
  if ((await cdk('deploy', '--all', '--outputs-file', perStack, ...rest)) !== 0) {
    throw new Failure('the deployment failed: cdk has said why, above; nothing of a failed change stays');
  }
  if (!existsSync(perStack)) return;
  const outputs = join(folder, `outputs-${stage}.json`);
  writeFileSync(outputs, `${JSON.stringify(flatOutputs(JSON.parse(readFileSync(perStack, 'utf8'))), null, 2)}\n`);
  console.log(`\n✔ ${stage} is deployed; its outputs are in .local/outputs-${stage}.json`);
});

function stageAndRest(args: readonly string[]): { readonly stage: string; readonly rest: readonly string[] } {
  const place = args.indexOf('--stage');
  if (place < 0) return { stage: 'production', rest: args };
  const stage = args[place + 1];
  if (stage === undefined) throw new Failure('--stage needs a name, such as --stage staging');
  return { stage, rest: args.toSpliced(place, 2) };
}
