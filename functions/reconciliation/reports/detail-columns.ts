/** The detail reports as CSV: their columns, and the cells of a row. */
import { stringify } from 'csv-stringify/sync';
import { type Currency, decimalFromMinorUnits } from '../../kernel/money.ts';
import type { StatementDay } from '../statement-key.ts';
import { countedOf, type DetailRow } from './detail-row.ts';

export const detailReports = ['funds-detail', 'fee-detail'] as const;

export type DetailReport = (typeof detailReports)[number];

/** Whose rows they are: every row says it, so that the files of several days are one. */
export interface RowOwner {
  readonly day: StatementDay;
  /** of the settlement account */
  readonly currency: Currency;
}

const place = ['date', 'channel', 'merchantNo', 'lineNumber', 'at', 'kind', 'reference', 'channelReference'] as const;

/**
 * Amounts are in major units (`-0.60`). `amount`, `fee` and `currency` are the line's, `ourReference`, `ourAmount`, `ourFee`,
 * `ourCurrency` and `ourStatus` those of our payment, also where they are the same; `net` and `ourNet` are what the row counts
 * for in either side's totals, in the settlement account's currency, as are `fee` and `ourFee` of the fee detail. A new column
 * comes last: files that lack it are kept as long as their statements.
 */
export const detailColumns = {
  'funds-detail': [
    ...[...place, 'currency', 'amount', 'fee', 'status', 'result', 'differences', 'note', 'paymentId'],
    ...['ourCurrency', 'ourAmount', 'ourFee', 'ourStatus', 'net', 'ourNet', 'ourReference'],
  ],
  'fee-detail': [
    ...[...place, 'currency', 'amount', 'fee', 'ourFee', 'feeDifference', 'result', 'differences', 'paymentId'],
  ],
} as const satisfies Record<DetailReport, readonly string[]>;

type Cell = string | number | undefined | { readonly value: string };

/** Rows of a file, without its header. Text that a spreadsheet would run as a formula is defused. */
export const detailLines = (report: DetailReport, owner: RowOwner, rows: readonly DetailRow[]): string =>
  stringify(
    rows.map((row) => cellsOf(report, owner, row)),
    writing,
  );

export const detailHeader = (report: DetailReport): string => stringify([[...detailColumns[report]]]);

const writing = {
  escape_formulas: true,
  // a number with a sign is no formula; no other cell is an object
  cast: { object: (cell: object) => ({ value: (cell as { value: string }).value, escape_formulas: false }) },
};

/** In the order of the columns. */
const cellsOf = (report: DetailReport, owner: RowOwner, row: DetailRow): readonly Cell[] => [
  ...placeCells(owner, row),
  ...(report === 'funds-detail' ? fundsCells(owner, row) : feeCells(owner, row)),
];

const placeCells = ({ day }: RowOwner, { lineNumber, line, ours }: DetailRow): readonly Cell[] => [
  day.date,
  day.channel,
  day.merchantNo,
  lineNumber,
  line?.at.toISOString(),
  (line ?? ours)?.kind,
  line?.ourReference ?? ours?.channelOrderNo,
  line?.channelReference,
];

function fundsCells(owner: RowOwner, row: DetailRow): readonly Cell[] {
  const { line, ours, result, differences, note, paymentId } = row;
  const { net, ourNet } = countedOf(row);
  const theirCells = [decimal(line?.amount, line?.currency), decimal(line?.fee, line?.currency), line?.status];
  const ourCells = [ours?.currency, decimal(ours?.amount, ours?.currency), decimal(ours?.fee, ours?.currency)];
  return [
    line?.currency ?? ours?.currency,
    ...theirCells,
    result,
    differences.join(' '),
    note,
    paymentId,
    ...ourCells,
    ours?.status,
    decimal(net, owner.currency),
    decimal(ourNet, owner.currency),
    ours?.channelOrderNo,
  ];
}

function feeCells({ currency }: RowOwner, row: DetailRow): readonly Cell[] {
  const { line, ours, result, differences, paymentId } = row;
  const { fee, ourFee } = countedOf(row);
  const shown = line ?? ours;
  return [
    shown?.currency,
    decimal(shown?.amount, shown?.currency),
    decimal(fee, currency),
    decimal(ourFee, currency),
    decimal(fee - ourFee, currency),
    result,
    differences.join(' '),
    paymentId,
  ];
}

function decimal(amount: bigint | undefined, currency: Currency | undefined): Cell {
  if (amount === undefined || currency === undefined) return undefined;
  const value = decimalFromMinorUnits(amount, currency);
  return amount < 0n ? { value } : value;
}
