/** `npm run check`: everything that needs no emulator. `npm run check -- --quick` leaves out tests and synthesis. */
import { quickChecks, runChecks, synthesis } from './checks.ts';
import { runCommand } from './command.ts';
import { Failure } from './failure.ts';
import { runJest } from './jest.ts';

await runCommand(async () => {
  const quick = process.argv.includes('--quick');
  const failed = await runChecks(quick ? quickChecks : [...quickChecks, synthesis]);
  if (!quick && (await runJest(['unit'], {})).failed > 0) failed.push('unit tests');
  if (failed.length > 0) throw new Failure(`failed: ${failed.join(', ')}`);
});
