/** `npm start`: brings everything up, lives through a day, shows its reconciliation, and serves until Ctrl-C. */
import { auditBooks, auditText, tablesOf } from './audit.ts';
import { bringUp } from './bring-up.ts';
import { runCommand, untilStopped } from './command.ts';
import { runDemo } from './demo/demo.ts';
import { reportText } from './demo/report.ts';
import { chosenPort } from './emulator/port.ts';
import { Failure } from './failure.ts';
import { howToGoOn, writeShellEnvironment } from './how-to-go-on.ts';
import { type Center, centerAt } from './outsider/center.ts';
import { localFolder, workspaceIn } from './workspace.ts';

await runCommand(async (opened) => {
  const exits = process.argv.includes('--exit');
  const workspace = workspaceIn(localFolder);
  const { emulator, outputs } = await bringUp(workspace, {
    port: chosenPort(),
    onStarted: (started) => {
      if (started.origins === 'started') opened.defer(started.stop);
    },
  });
  process.env = emulator.env; // without what the caller has set for a real account
  const center = centerAt(outputs);

  const { members, problems, ...day } = await runDemo(center).catch((error: Error) => {
    throw new Failure(`the demo failed: ${error.message} (what the functions logged: .local/emulator.log)`);
  });
  console.log(`\n${reportText(day)}`);
  const findings = await audit(center);
  for (const problem of problems) console.error(`✖ ${problem}`);
  if (problems.length > 0) throw new Failure(`the day did not end as it should: ${problems.length} surprise(s), above`);
  if (findings > 0) throw new Failure(`the audit found the ledger damaged: ${findings} finding(s), above`);

  const member = members.find(
    ({ topUp, withdrawal }) => topUp.ends === 'succeeded' && withdrawal?.ends === 'succeeded',
  );
  await writeShellEnvironment({ center, emulator, ...(member && { member }) }, workspace.folder);
  if (exits) {
    console.log('\n✔ The day ended as it should.');
    return 0;
  }
  console.log(howToGoOn(center));
  console.log('Serving until Ctrl-C.');
  return untilStopped();
});

/** @returns how many findings there are; it shows them itself */
async function audit({ outputs }: Center): Promise<number> {
  const report = await auditBooks(tablesOf(outputs));
  console.log(`\nThe audit of the ledger\n${auditText(report)}`);
  return report.findings.length;
}
