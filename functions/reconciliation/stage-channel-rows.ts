/** Stage, the channel's side (挂账): the lines of one byte range, spread over shard files by their key. */

import { findChannel } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import { maximumAmount } from '../kernel/money.ts';
import { type ByteRange, linesOf } from './byte-ranges.ts';
import { readJson, readRange, writeJson, writeText } from './files.ts';
import { frameSchema } from './frame-file.ts';
import type { RangeSummary } from './range-summary.ts';
import { formatNamed } from './reading/catalogue.ts';
import { decodeAs } from './reading/encoding.ts';
import { lineReader } from './reading/flattened.ts';
import {
  type FrameColumns,
  isIgnoredLine,
  isLineError,
  type LineFormat,
  type ParsedLine,
} from './reading/statement-format.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import { encodeLine, lineShardKey, shardOf } from './shard-rows.ts';
import type { LineError } from './statement-line.ts';
import { workingKeys } from './working-keys.ts';

/** Reads the range once and writes one object per shard and the range's summary. */
export async function stageChannelRows(
  { files, channels }: Pick<Reconciliation, 'files' | 'channels'>,
  { run, item }: { readonly run: PlannedRun; readonly item: ByteRange },
): Promise<void> {
  const keys = workingKeys(run.reconciliationId);
  const { identified, plan, statement } = run;
  const frame = frameSchema.parse(await readJson(files, identified.frameKey));
  const format = lineReader(await formatNamed(identified.format));
  const text = decodeAs(format.encoding, await readRange(files, identified.content, item.start, item.end));
  const zone = (await findChannel(channels, statement.channel))?.timeZone ?? 'UTC';
  const staged = stageLines({
    format,
    frame,
    text: text ?? '',
    firstLineNumber: item.firstLineNumber,
    shards: plan.shards,
    merchantNo: statement.merchantNo,
    isOfDay: dayTest(statement.date, zone),
  });
  await Promise.all([
    ...staged.rows.map((rows, shard) => writeText(files, keys.channelRows(item.range, shard), rows.join(''))),
    writeText(files, keys.ignoredLines(item.range), staged.ignoredLines.join('')),
    writeJson(files, keys.channelSummary(item.range), { ...staged.summary, wrongEncoding: text === undefined }),
  ]);
}

/** Whether an instant lies in the statement's day. Formatting a date is slow, so the day's ends are found once. */
export function dayTest(date: AccountingDate, timeZone: string): (at: Date) => boolean {
  const noon = new Date(`${date}T12:00:00Z`).getTime();
  const hour = 60 * 60 * 1000;
  const hours = Array.from({ length: 72 * 4 }, (_, index) => noon - 36 * hour + (index * hour) / 4);
  const inside = hours.filter((at) => accountingDateAt(new Date(at), timeZone) === date);
  // zones differ from UTC by whole quarters of an hour
  const [start = noon, end = noon] = [inside[0], inside.at(-1)];
  return (at) => at.getTime() >= start && at.getTime() < end + hour / 4;
}

export interface StagingInput {
  readonly format: Pick<LineFormat, 'parseLine'>;
  readonly frame: FrameColumns;
  readonly text: string;
  readonly firstLineNumber: number;
  readonly shards: number;
  readonly merchantNo: string;
  readonly isOfDay: (at: Date) => boolean;
}

export interface StagedLines {
  /** by shard */
  readonly rows: string[][];
  /** which lines the format knows to move no money: `[line number, rule]` each, for the reports */
  readonly ignoredLines: string[];
  readonly summary: RangeSummary;
}

/** Every line of the text ends in a row, in a line error or, where it is blank, in neither: the counts say how many. */
export function stageLines(input: StagingInput): StagedLines {
  const { format, frame, merchantNo } = input;
  const rows: string[][] = Array.from({ length: input.shards }, () => []);
  const ignoredLines: string[] = [];
  const errors: LineError[] = [];
  const sums: Record<string, bigint> = {};
  const ignored: Record<string, number> = {};
  const tally = { read: 0, ofMerchant: 0, ofOthers: 0, ofDay: 0, ofOtherDays: 0 };
  for (const { text, lineNumber } of linesOf(input.text, input.firstLineNumber)) {
    if (text.trim() === '') continue;
    tally.read += 1;
    const parsed = format.parseLine(frame, text, lineNumber);
    if (isLineError(parsed)) {
      errors.push(shortened(parsed));
      continue;
    }
    if (isIgnoredLine(parsed)) {
      ignored[parsed.ignored] = (ignored[parsed.ignored] ?? 0) + 1;
      ignoredLines.push(`${JSON.stringify([lineNumber, parsed.ignored])}\n`);
      add(sums, parsed.sums);
      continue;
    }
    const wrong = lawBroken(parsed, merchantNo);
    if (wrong) {
      if (wrong.foreign) tally.ofOthers += 1;
      errors.push(shortened({ lineNumber, reason: wrong.reason, raw: text }));
      continue;
    }
    tally.ofMerchant += 1;
    const { line } = parsed;
    // a refund's time may be that of the payment, days ago
    if (line.kind !== 'refund') tally[input.isOfDay(line.at) ? 'ofDay' : 'ofOtherDays'] += 1;
    add(sums, parsed.sums);
    rows[shardOf(lineShardKey(line), input.shards)]?.push(`${encodeLine(line)}\n`);
  }
  return { rows, ignoredLines, summary: { ...tally, errors, ignored, sums } };
}

function add(sums: Record<string, bigint>, more: Readonly<Record<string, bigint>>): void {
  for (const [name, amount] of Object.entries(more)) sums[name] = (sums[name] ?? 0n) + amount;
}

const maximumReference = 128;

/** What holds for a line of any format. */
function lawBroken({ line, merchantNos }: ParsedLine, merchantNo: string) {
  if (merchantNos.length > 0 && !merchantNos.includes(merchantNo)) {
    return { reason: `is of the merchant number ${merchantNos.join(', ')}`, foreign: true };
  }
  if (line.amount > maximumAmount) return { reason: 'the amount passes 2^53 − 1 minor units' };
  if (line.ourReference.length > maximumReference || line.channelReference.length > maximumReference) {
    return { reason: `a reference has more than ${maximumReference} characters` };
  }
  return undefined;
}

const maximumRaw = 1_000;

const shortened = (error: LineError): LineError => ({ ...error, raw: error.raw.slice(0, maximumRaw) });
