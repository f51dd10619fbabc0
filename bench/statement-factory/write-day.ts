/** Writes both sides of a labelled day as files, and what a reconciliation of them has to find. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { type DayPlan, elsewhere, type Label, type LabelledDifference, orderAt } from './labelled-day.ts';
import type { StatementFactory, WriterContext } from './statement-writer.ts';

export interface WrittenDay {
  /** bytes of the statement without its summary, which is written behind it */
  readonly detailsEnd: number;
  readonly summary: Buffer;
  /** those of the day, of which a format may make several rows */
  readonly lines: number;
  readonly counts: Readonly<Partial<Record<Label, number>>>;
  readonly differences: readonly LabelledDifference[];
}

export interface DayFiles {
  readonly statement: string;
  /** our side: a header, and a row for each payment of ours in the order of {@link ownRow}; in another order than the statement */
  readonly own: string;
}

const ownColumns = [
  'order_no',
  'kind',
  'status',
  'currency',
  'amount',
  'fee',
  'payment_id',
  'trade_no',
  // in milliseconds, 0 where it is not completed
  'completed_at',
];

const ownRow = (own: Expectation): string => {
  const { channelOrderNo, kind, status, currency, amount, fee, paymentId, channelTradeNo, completedAt } = own;
  const head = `${channelOrderNo},${kind},${status},${currency},${amount},${fee},${paymentId},${channelTradeNo}`;
  return `${head},${completedAt?.getTime() ?? 0}\n`;
};

/** What of a day is not for the format to say. */
export type DaySize = Omit<DayPlan, 'kinds' | 'kindsWithoutOwnNumber' | 'labels' | 'tradeNo' | 'beginsAt'> &
  Partial<Pick<DayPlan, 'labels'>>;

export function planOf(
  size: DaySize,
  { kinds, kindsWithoutOwnNumber = [], labels, tradeNo }: StatementFactory,
  date: string,
): DayPlan {
  const numbered = (digits: string, second: number): string => tradeNo?.(digits, { date, second }) ?? digits;
  const beginsAt = Date.parse(`${date}T00:00:00+08:00`);
  return { kinds, kindsWithoutOwnNumber, labels, ...size, beginsAt, tradeNo: numbered };
}

export function writeDay(
  size: DaySize,
  { factory, context, files }: { factory: StatementFactory; context: WriterContext; files: DayFiles },
): WrittenDay {
  const { encode = Buffer.from } = factory;
  const plan = planOf(size, factory, context.date);
  const writer = factory.write(context);
  const statement = fileWriter(files.statement, encode);
  const differences: LabelledDifference[] = [];
  const counts: Partial<Record<Label, number>> = {};
  let lines = 0;
  statement.write(writer.header);
  for (let index = 0; index < plan.orders; index++) {
    const order = orderAt(plan, index);
    counts[order.label] = (counts[order.label] ?? 0) + 1;
    for (const line of order.lines) statement.write(writer.line(line));
    lines += order.lines.length;
    differences.push(...order.differences);
  }
  const detailsEnd = statement.close();

  const own = fileWriter(files.own, Buffer.from);
  own.write(`${ownColumns.join(',')}\n`);
  for (let index = 0; index < plan.orders; index++) {
    const order = orderAt(plan, elsewhere(index, plan.orders));
    if (order.own) own.write(ownRow(order.own));
  }
  own.close();
  return { detailsEnd, summary: encode(writer.summary()), lines, counts, differences };
}

const heldBytes = 4 * 1024 * 1024;

function fileWriter(path: string, encode: (text: string) => Buffer) {
  const file = openSync(path, 'w');
  let held: string[] = [];
  let size = 0;
  let written = 0;
  const flush = (): void => {
    written += writeSync(file, encode(held.join('')));
    [held, size] = [[], 0];
  };
  return {
    write: (text: string): void => {
      held.push(text);
      size += text.length;
      if (size > heldBytes) flush();
    },
    /** @returns the file's bytes */
    close: (): number => {
      flush();
      closeSync(file);
      return written;
    },
  };
}
