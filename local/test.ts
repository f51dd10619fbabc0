/**
 * `npm test`: all checks, the unit tests, then store and end-to-end tests against an emulator and a deployment of their
 * own, so that it runs beside a running `npm start`. `npm test -- --testPathPatterns ledger` hands arguments to jest.
 */
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { bringUp } from './bring-up.ts';
import { quickChecks, runChecks } from './checks.ts';
import { report, runCommand } from './command.ts';
import { startDynamoDbLocal } from './emulator/dynamodb-local.ts';
import { startEnforcingEmulator } from './emulator/emulator.ts';
import { freePort } from './emulator/port.ts';
import { runJest, type TestCounts } from './jest.ts';
import { localFolder, repository, workspaceIn } from './workspace.ts';

await runCommand(async (opened) => {
  const args = process.argv.slice(2);
  const failed = await runChecks(quickChecks);
  const unit = await runJest(['unit'], { args });
  const deployed = await testDeployed(opened, args).catch((error: unknown): TestCounts => {
    report(error);
    return { passed: 0, failed: 1 };
  });
  const counts = [unit, deployed];
  const passedTests = counts.reduce((sum, each) => sum + each.passed, 0);
  const failedTests = counts.reduce((sum, each) => sum + each.failed, 0);
  if (failedTests > 0) failed.push('tests');
  if (failed.length > 0) console.error(`\n✖ failed: ${failed.join(', ')}`);
  console.log(`\n${passedTests} passed, ${failedTests} failed`);
  return failed.length === 0 ? 0 : 1;
});

async function testDeployed(opened: AsyncDisposableStack, args: readonly string[]): Promise<TestCounts> {
  const port = await freePort();
  const workspace = workspaceIn(join(localFolder, 'test', String(port)));
  const { emulator } = await bringUp(workspace, {
    port,
    find: startEnforcingEmulator,
    onStarted: (started) => opened.defer(started.stop),
  });
  const dynamoDbLocal = await startDynamoDbLocal();
  if (dynamoDbLocal) opened.defer(dynamoDbLocal.stop);
  else console.log('ℹ no Java 17 or newer: the store tests run on the emulator only, not on DynamoDB Local as well');
  const env = {
    ...emulator.env,
    FUND_CENTER_OUTPUTS: workspace.outputs,
    ...(dynamoDbLocal && { DYNAMODB_LOCAL_URL: dynamoDbLocal.origin }),
  };
  const counts = await runJest(['store', 'e2e'], { args, env });
  if (counts.failed === 0) opened.defer(async () => rmSync(workspace.folder, { recursive: true, force: true }));
  else console.error(`\nThe logs of the emulator and the deployment are in ${relative(repository, workspace.folder)}.`);
  return counts;
}
