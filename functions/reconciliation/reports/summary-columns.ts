/** The summaries as CSV: amounts in major units, the channel's side, ours and what the two differ by. */
import { stringify } from 'csv-stringify/sync';
import { decimalFromMinorUnits } from '../../kernel/money.ts';
import type { Figures, SummaryReport, SummaryRow } from './summary.ts';

const columns = {
  'funds-summary': ['count', 'amount', 'fee', 'net'],
  'fee-summary': ['count', 'amount', 'fee'],
} as const satisfies Record<SummaryReport, readonly (keyof Figures)[]>;

const sides = { theirs: '', ours: 'our', difference: 'difference' } as const;

/** `amount`, `ourAmount`, `differenceAmount` and so on. Channels and merchant numbers are words that no spreadsheet runs. */
export function summaryCsv(report: SummaryReport, rows: readonly SummaryRow[]): string {
  const figures = columns[report];
  const named = Object.values(sides).flatMap((side) =>
    figures.map((figure) => (side === '' ? figure : `${side}${figure.charAt(0).toUpperCase()}${figure.slice(1)}`)),
  );
  const cells = rows.map((row) => [
    ...[row.channel, row.merchantNo, row.currency, row.kind],
    ...(['theirs', 'ours', 'difference'] as const).flatMap((side) =>
      figures.map((figure) =>
        figure === 'count' ? row[side].count : decimalFromMinorUnits(row[side][figure], row.currency),
      ),
    ),
  ]);
  return stringify([['channel', 'merchantNo', 'currency', 'kind', ...named], ...cells]);
}
