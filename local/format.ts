/** `npm run format`: formats all files and mends what the linter can mend safely. */
import { runVisibly } from './child.ts';
import { runCommand } from './command.ts';
import { Failure } from './failure.ts';
import { bin } from './workspace.ts';

await runCommand(async () => {
  const code = await runVisibly({ command: bin('node'), args: [bin('biome'), 'check', '--write'] });
  if (code !== 0) throw new Failure('the linter found what only you can mend');
});
