/** The sandbox's own statement: RFC 4180, every kind of order, totals per kind. The layout is in the README. */
import { stringify } from 'csv-stringify/sync';
import { decimalFromMinorUnits } from '../../kernel/money.ts';
import { localTime } from './local-time.ts';
import { lineKinds, type StatementLine, totalsOf } from './statement-line.ts';
import type { StatementContent, StatementFormat } from './statement-text.ts';

const columns = [
  'kind',
  'merchant_no',
  'order_no',
  'trade_no',
  'amount',
  'currency',
  'fee',
  'status',
  'completed_at',
] as const;

const summaryColumns = ['total_lines', ...lineKinds.flatMap((kind) => [`${kind}s`, `${kind}_amount`, `${kind}_fee`])];

export const sandboxCsv: StatementFormat = {
  lists: lineKinds,
  fileName: (merchantNo, date) => `${merchantNo}-${date}.csv`,
  write: (content) => ({
    header: row(columns),
    details: content.lines.map(detail),
    summary: [row(summaryColumns), row(summary(content))],
  }),
  unreadableLine: (merchantNo) => row(['collection', merchantNo, 'this line cannot be read']),
};

const detail = (line: StatementLine): string =>
  row([
    line.kind,
    line.merchantNo,
    line.orderNo,
    line.tradeNo,
    decimalFromMinorUnits(line.amount, line.currency),
    line.currency,
    decimalFromMinorUnits(line.fee, line.currency),
    line.status,
    localTime(line.completedAt).withOffset,
  ]);

function summary({ lines, currency, unreadableLines, totalError }: StatementContent): string[] {
  const totals = totalsOf(lines);
  const ofKinds = lineKinds.flatMap((kind) => {
    const { count, amount, fee } = totals[kind];
    const printed = kind === 'collection' ? amount + totalError : amount;
    return [count.toString(), decimalFromMinorUnits(printed, currency), decimalFromMinorUnits(fee, currency)];
  });
  return [(lines.length + unreadableLines).toString(), ...ofKinds];
}

const row = (cells: readonly string[]): string => stringify([[...cells]], { eof: false });
