/** Pages of the detail reports: rows are found by their place in the files of the batches, in the order of the days. */
import { parse } from 'csv-parse/sync';
import { encodeCursor } from '../../kernel/page.ts';
import type { Files } from '../files.ts';
import type { DetailReport } from './detail-columns.ts';
import { detailColumns } from './detail-columns.ts';
import { detailSegments, readDetailIndex } from './detail-file.ts';
import type { Concluded } from './period.ts';

/** A row's cells by the names of their columns. */
export type DetailCells = Readonly<Record<string, string>>;

export interface DetailPage {
  readonly rows: readonly { readonly batch: Concluded; readonly cells: DetailCells }[];
  readonly nextCursor: string | null;
}

/** `<date>#<channel>#<merchantNo>#<version>#<row>`: what the page begins with. */
export const detailPlace = /^\d{4}-\d{2}-\d{2}#[a-z0-9-]+#[A-Za-z0-9_-]+#\d{6}#\d{1,9}$/;

const batchPlace = ({ series: { date, channel, merchantNo }, version }: Concluded): string =>
  `${date}#${channel}#${merchantNo}#${version.toString().padStart(6, '0')}`;

export const rowsOf = ({ reports }: Pick<Concluded, 'reports'>, report: DetailReport): number =>
  (report === 'funds-detail' ? reports?.rows : reports?.feeRows) ?? 0;

/** Reads the index of each batch that has rows on the page, and a segment or two of its file. */
export async function detailPage(
  files: Files,
  report: DetailReport,
  {
    batches,
    limit,
    after,
  }: { readonly batches: readonly Concluded[]; readonly limit: number; readonly after?: string | undefined },
): Promise<DetailPage> {
  const [, place, row] = /^(.*)#(\d+)$/.exec(after ?? '') ?? [];
  const rows: DetailPage['rows'][number][] = [];
  for (const batch of batches) {
    if (place !== undefined && batchPlace(batch) < place) continue;
    const from = place === batchPlace(batch) ? Number(row) : 0;
    const left = rowsOf(batch, report) - from;
    if (left <= 0) continue;
    const count = Math.min(limit - rows.length, left);
    if (count === 0) return { rows, nextCursor: encodeCursor(`${batchPlace(batch)}#${from}`) };
    for (const cells of await readRows(files, { batch, report, from, count })) rows.push({ batch, cells });
    if (count < left) return { rows, nextCursor: encodeCursor(`${batchPlace(batch)}#${from + count}`) };
  }
  return { rows, nextCursor: null };
}

async function readRows(
  files: Files,
  {
    batch,
    report,
    from,
    count,
  }: { readonly batch: Concluded; readonly report: DetailReport; readonly from: number; readonly count: number },
): Promise<DetailCells[]> {
  const place = { bucket: batch.file.bucket, id: batch.id, report };
  const index = await readDetailIndex(files, place);
  const { text, skip } = await detailSegments(files, place, { index, from, count });
  // the library hands out what it read by the columns that it is told
  const cells: DetailCells[] = parse(text, {
    columns: [...detailColumns[report]],
    // older files lack the newest columns
    relax_column_count_less: true,
    from: skip + 1,
    to: skip + count,
  });
  return cells.map((each) =>
    Object.fromEntries(Object.entries(each).map(([name, cell]) => [name, withoutDefusal(cell)])),
  );
}

/** The apostrophe with which a spreadsheet is kept from running a text. */
const withoutDefusal = (cell: string): string => cell.replace(/^'(?=[=+\-@\t\r\uFF0B\uFF0D\uFF1D\uFF20])/, '');
