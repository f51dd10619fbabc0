import { createHash } from 'node:crypto';
import type { AccountingDate } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { linesOfDay } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';
import { type FileMistake, type LineMistake, type MadeMistake, makeMistakes } from '../statements/mistakes.ts';
import { type FormatName, formats, statementFile } from '../statements/statement-file.ts';
import { type StatementTotals, totalsOf } from '../statements/statement-line.ts';

/** Delivers a file to the merchant: here, puts it into the center's bucket. */
export type DeliverFile = (key: string, bytes: Buffer) => Promise<void>;

export interface WriteStatementCommand extends ServedMerchant {
  readonly date: AccountingDate;
  readonly format: FormatName;
  readonly lineMistakes: readonly LineMistake[];
  readonly fileMistakes: readonly FileMistake[];
  readonly byteOrderMark: boolean;
  readonly gzip: boolean;
  readonly fileName?: string | undefined;
}

export interface WrittenStatement {
  readonly key: string;
  readonly sha256: string;
  /** detail lines in the file, one that cannot be read included */
  readonly lines: number;
  readonly currency: Currency;
  /** sums over the readable lines as printed, line mistakes included */
  readonly totals: StatementTotals;
  readonly mistakes: readonly MadeMistake[];
}

export type StatementRefusal = 'no_order_for_mistake' | 'mixed_currencies';

/** Writes a merchant's statement of a day from our own books, with the mistakes that are asked for, and delivers it. */
export async function writeStatement(
  sandbox: Pick<Sandbox, 'table'> & { readonly deliver: DeliverFile },
  command: WriteStatementCommand,
): Promise<WrittenStatement | Refusal<StatementRefusal>> {
  const { channel, merchantNo, date } = command;
  const merchant = { channel, merchantNo };
  const format = formats[command.format];
  const booked = (await linesOfDay(sandbox, merchant, date)).filter((line) => format.lists.includes(line.kind));
  const spoilt = makeMistakes(merchant, booked, {
    mistakes: command.lineMistakes,
    noon: new Date(`${date}T12:00:00+08:00`),
  });
  if (isRefusal(spoilt)) return spoilt;
  const currencies = [...new Set(spoilt.lines.map((line) => line.currency))];
  const [currency = 'CNY'] = currencies;
  if (currencies.length > 1) return refuse('mixed_currencies', 'A statement has one currency.');
  const mistakes = new Set(command.fileMistakes);
  if (mistakes.has('wrong_merchant') && spoilt.lines.length === 0) {
    return refuse('no_order_for_mistake', 'No line of that day can name another merchant number.');
  }

  const bytes = statementFile({
    format: command.format,
    merchantNo,
    currency,
    lines: spoilt.lines,
    mistakes,
    byteOrderMark: command.byteOrderMark,
    gzip: command.gzip,
  });
  const name = command.fileName ?? `${format.fileName(merchantNo, date)}${command.gzip ? '.gz' : ''}`;
  const key = `statements/${channel}/${merchantNo}/${date}/${name}`;
  await sandbox.deliver(key, bytes);
  return {
    key,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    lines: spoilt.lines.length + (mistakes.has('bad_line') ? 1 : 0),
    currency,
    totals: totalsOf(spoilt.lines),
    mistakes: spoilt.made,
  };
}
