/**
 * `npm run statement -- <channel> <merchantNo> [--date YYYY-MM-DD] [--mistakes duplicate,bad_line] [--gzip]`: lets the
 * sandbox channel write and drop the statement of a day, today's unless said otherwise. The sandbox's README lists the
 * mistakes.
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command.ts';
import { connectToDeployment } from './connect.ts';
import { Failure } from './failure.ts';
import { centerAt } from './outsider/center.ts';
import { controlSandbox } from './outsider/sandbox.ts';
import { formatOf, sandboxToday } from './outsider/statement-request.ts';

await runCommand(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { date: { type: 'string' }, mistakes: { type: 'string' }, gzip: { type: 'boolean', default: false } },
  });
  const [channel, merchantNo] = positionals;
  const format = formatOf(channel ?? '');
  if (format === undefined || merchantNo === undefined) {
    throw new Failure(
      'say whose: npm run statement -- sandbox-wallet|sandbox-bank|sandbox-xml-bank MERCHANT_NO [--mistakes duplicate,…]',
    );
  }
  const center = centerAt(await connectToDeployment());
  const { date = sandboxToday(), gzip } = values;
  const mistakes = values.mistakes?.split(',') ?? [];
  const request = { channel, merchantNo, date, format, mistakes, gzip };
  const written = await controlSandbox(center, '/control/statements', request).catch((error: Error) => {
    throw new Failure(error.message);
  });
  console.log(JSON.stringify(written, null, 2));
});
