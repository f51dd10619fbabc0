/** Tables for the terminal. */
import CliTable from 'cli-table3';

export type Row = readonly (string | number)[];

const number = /^[-+]?[\d ,.–]*$/;

/** Columns that hold nothing but numbers are aligned to the right. */
export function tableText(head: readonly string[], rows: readonly Row[]): string {
  const colAligns = head.map((_, column) =>
    rows.every((row) => number.test(String(row[column] ?? ''))) ? 'right' : 'left',
  );
  const table = new CliTable({
    head: [...head],
    colAligns,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}
