/** Stage, the channel's side (挂账): the lines of one byte range, spread over shard files by their reference. */
import type { AccountingDate } from '../kernel/clock.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import { type ByteRange, wholeLines } from './byte-ranges.ts';
import { formatOfRun } from './delivered-formats.ts';
import { readJson, streamPart, writeJson, writeText } from './files.ts';
import { frameSchema } from './frame-file.ts';
import { type LineStaging, lineStaging } from './line-staging.ts';
import type { RangeSummary } from './range-summary.ts';
import { lineReader } from './reading/flattened.ts';
import type { FrameColumns, LineFormat } from './reading/statement-format.ts';
import type { Reconciliation } from './reconciliation.ts';
import { RowBuffers } from './row-buffers.ts';
import type { PlannedRun } from './run.ts';
import { stagingRows } from './staged-rows.ts';
import { workingKeys } from './working-keys.ts';

/** A row takes less than half of its line in the widest formats, which have the largest files. */
const rowBytesOf = (lineBytes: number): number => lineBytes * 0.45;

/**
 * Reads the range once, a chunk at a time, and writes an object for each shard, and the range's summary. Where rows are longer than
 * their lines it writes them whenever `RowBuffers` are full: it holds a chunk and a bounded number of rows, whatever the lines are.
 */
export async function stageChannelRows(
  { files }: Pick<Reconciliation, 'files'>,
  { run, item }: { readonly run: PlannedRun; readonly item: ByteRange },
): Promise<{ readonly lines: number }> {
  const keys = workingKeys(run.reconciliationId);
  const { identified, plan, statement } = run;
  const frame = frameSchema.parse(await readJson(files, identified.frameKey));
  const rows = new RowBuffers(plan.shards, rowBytesOf(item.end - item.start));
  const written = stagingRows(files, keys.channelRows(item.range), rows);
  const staging = lineStaging({
    format: lineReader(await formatOfRun(files, run)),
    frame,
    firstLineNumber: item.firstLineNumber,
    merchantNo: statement.merchantNo,
    isOfDay: dayTest(statement.date, identified.timeZone),
    rows,
  });
  for await (const chunk of wholeLines(streamPart(files, identified.content, item))) {
    staging.take(chunk);
    if (rows.isFull) await written.writePiece();
  }
  const { ignoredLines, summary } = staging.finish();
  await Promise.all([
    written.finish(),
    writeText(files, keys.ignoredLines(item.range), ignoredLines.join('')),
    writeJson(files, keys.channelSummary(item.range), summary),
  ]);
  return { lines: summary.read };
}

/** Whether an instant lies in the statement's day. Formatting a date is slow, so the day's ends are found once. */
export function dayTest(date: AccountingDate, timeZone: string): (at: number) => boolean {
  const noon = new Date(`${date}T12:00:00Z`).getTime();
  const hour = 60 * 60 * 1000;
  const hours = Array.from({ length: 72 * 4 }, (_, index) => noon - 36 * hour + (index * hour) / 4);
  const inside = hours.filter((at) => accountingDateAt(new Date(at), timeZone) === date);
  // zones differ from UTC by whole quarters of an hour
  const [start = noon, last = noon] = [inside[0], inside.at(-1)];
  const end = last + hour / 4;
  return (at) => at >= start && at < end;
}

export interface StagingInput {
  readonly format: Pick<LineFormat, 'parseLine' | 'byteReader'>;
  readonly frame: FrameColumns;
  readonly text: string;
  readonly firstLineNumber: number;
  readonly shards: number;
  readonly merchantNo: string;
  /** of milliseconds */
  readonly isOfDay: (at: number) => boolean;
}

export interface StagedLines {
  /** by shard */
  readonly rows: string[][];
  /** as {@link LineStaging.finish} gives them */
  readonly ignoredLines: readonly string[];
  readonly summary: RangeSummary;
}

/** The lines of a text that is in memory as a whole, as rows by shard. */
export function stageLines({ format, text, shards, ...settings }: StagingInput): StagedLines {
  const bytes = Buffer.from(text);
  const rows = new RowBuffers(shards, rowBytesOf(bytes.length));
  const staging = lineStaging({ ...settings, format: { ...format, encoding: 'utf-8' }, rows });
  staging.take(bytes);
  return { ...staging.finish(), rows: rows.contents().map((some) => some.toString().match(/.*\n/g) ?? []) };
}
