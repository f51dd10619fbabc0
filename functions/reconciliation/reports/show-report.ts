/** One of the four reports, of a batch or of some days: as a page of rows, or as the pieces of a CSV file. */
import { encodeCursor } from '../../kernel/page.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Files } from '../files.ts';
import { type DetailReport, detailHeader, detailReports } from './detail-columns.ts';
import { detailText, readDetailIndex } from './detail-file.ts';
import { detailPage, detailPlace, rowsOf } from './detail-pages.ts';
import type { Concluded } from './period.ts';
import { detailRowView, summaryRowView, summaryTotalView } from './report-view.ts';
import { type CountedBatch, type SummaryReport, type SummaryRow, summaryRows, summaryTotals } from './summary.ts';
import { summaryCsv } from './summary-columns.ts';

export type ReportName = SummaryReport | DetailReport;

interface Asked {
  readonly report: ReportName;
  /** in the order of the days */
  readonly batches: readonly Concluded[];
}

interface AskedPage extends Asked {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export const isDetail = (report: ReportName): report is DetailReport =>
  (detailReports as readonly string[]).includes(report);

/** @returns `report_not_ready` where a detail report is still being written, or its step has failed */
export function checkReady({ report, batches }: Asked): Refusal<'report_not_ready'> | undefined {
  const waiting = isDetail(report) && batches.find(({ reports }) => !reports);
  if (!waiting) return undefined;
  const { channel, merchantNo, date } = waiting.series;
  return refuse('report_not_ready', `The detail reports of ${channel} ${merchantNo} of ${date} are not written yet.`);
}

export async function reportPage(files: Files, asked: AskedPage) {
  const { report, batches, limit, cursor } = asked;
  if (!isDetail(report)) return summaryPage(report, asked);
  if (cursor !== undefined && !detailPlace.test(cursor)) return noCursor();
  const { rows, nextCursor } = await detailPage(files, report, { batches, limit, after: cursor });
  return { items: rows.map(({ batch, cells }) => detailRowView(report, cells, batch.currency)), nextCursor };
}

const noCursor = () => refuse('unknown_cursor', 'This is no cursor of this report.');

function summaryPage(report: SummaryReport, { batches, limit, cursor }: AskedPage) {
  const counted = batches.map(countedBatch);
  const rows = summaryRows(counted);
  const first = cursor === undefined ? 0 : rows.findIndex((row) => summaryPlace(row) === cursor) + 1;
  if (cursor !== undefined && first === 0) return noCursor();
  const shown = rows.slice(first, first + limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => summaryRowView(report, row)),
    nextCursor: last && first + limit < rows.length ? encodeCursor(summaryPlace(last)) : null,
    totals: summaryTotals(counted).map(summaryTotalView),
  };
}

const summaryPlace = ({ channel, merchantNo, currency, kind }: SummaryRow): string =>
  [channel, merchantNo, currency, kind].join('#');

const countedBatch = ({ series: day, currency, conclusion }: Concluded): CountedBatch => ({
  day,
  currency,
  conclusion,
});

/** Larger than an answer may be, a batch's file is fetched as it is kept: gzipped, as whoever fetches it is told. */
export const detailBytes = async (files: Files, batch: Concluded, report: DetailReport): Promise<number> =>
  (await readDetailIndex(files, { bucket: batch.file.bucket, id: batch.id, report })).textBytes;

/** Of a detail report a segment after the other; the file's header comes first. */
export async function* reportPieces(files: Files, { report, batches }: Asked): AsyncGenerator<string> {
  if (!isDetail(report)) {
    yield summaryCsv(report, summaryRows(batches.map(countedBatch)));
    return;
  }
  yield detailHeader(report);
  for (const batch of batches) {
    if (rowsOf(batch, report) === 0) continue;
    const place = { bucket: batch.file.bucket, id: batch.id, report };
    yield* detailText(files, place, await readDetailIndex(files, place));
  }
}
