/** Puts a statement through ranges, shards and matching as the deployed steps do, without the network between. */
import { Readable } from 'node:stream';
import { linesOf, planByteRanges } from '../../functions/reconciliation/byte-ranges.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { type WorkingFiles, writeJson, writeText } from '../../functions/reconciliation/files.ts';
import { format as sandboxCsv } from '../../functions/reconciliation/formats/sandbox-csv.ts';
import { matchLeftovers, matchShard, standAlone } from '../../functions/reconciliation/match.ts';
import { encodeShardResult, shardResultSchema } from '../../functions/reconciliation/match-file.ts';
import { type MatchResult, mergeResults } from '../../functions/reconciliation/match-result.ts';
import { mergeRanges, type StagedRange } from '../../functions/reconciliation/range-summary.ts';
import { decodeAs } from '../../functions/reconciliation/reading/encoding.ts';
import type {
  Frame,
  LineFormat,
  ReadLine,
  StatementContext,
} from '../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../functions/reconciliation/rejection.ts';
import {
  decodeRows,
  encodeExpectation,
  expectationSchema,
  shardOf,
  stagedLineSchema,
} from '../../functions/reconciliation/shard-rows.ts';
import { stageLines } from '../../functions/reconciliation/stage-channel-rows.ts';
import type { RowKeys } from '../../functions/reconciliation/working-keys.ts';
import { date, merchantNo } from './sample-day.ts';

export const rules = { currency: 'CNY', fees: 'per_line' } as const;

export interface Layout {
  readonly shards: number;
  readonly rangeBytes: number;
  /** as the network may deliver the file */
  readonly chunkBytes: number;
}

export interface Reconciled {
  readonly file: StagedRange;
  readonly frame: Frame;
  readonly result: MatchResult;
}

export async function reconcile(
  text: string,
  expectations: readonly Expectation[],
  { shards, rangeBytes, chunkBytes }: Layout,
): Promise<Reconciled> {
  const bytes = Buffer.from(text);
  const frame = frameOf(sandboxCsv, bytes);
  const ranges = await planByteRanges(chunksOf(bytes, chunkBytes), {
    start: frame.detailsStart,
    end: frame.detailsEnd,
    firstLineNumber: frame.firstLineNumber,
    rangeBytes,
    maximumLineBytes: 65_536,
  });
  if (!ranges) throw new Error('a line is too long');
  const rows: string[][] = Array.from({ length: shards }, () => []);
  const summaries: StagedRange[] = [];
  for (const { start, end, firstLineNumber } of ranges) {
    const staged = stageLines({
      format: sandboxCsv,
      frame,
      text: bytes.subarray(start, end).toString(),
      firstLineNumber,
      shards,
      merchantNo,
      isOfDay: () => true,
    });
    for (const [shard, some] of staged.rows.entries()) rows[shard]?.push(...some);
    summaries.push({ ...staged.summary, wrongEncoding: false });
  }
  const own: string[][] = Array.from({ length: shards }, () => []);
  for (const each of expectations) own[shardOf(each.channelOrderNo, shards)]?.push(`${encodeExpectation(each)}\n`);

  const results = rows.map((some, shard) => {
    const result = matchShard({
      lines: decodeRows(some.join(''), stagedLineSchema),
      expectations: decodeRows(own[shard]?.join('') ?? '', expectationSchema),
      rules,
    });
    return shardResultSchema.parse(asJson(encodeShardResult(result)));
  });
  const leftovers = matchLeftovers({
    lines: results.flatMap(({ leftLines }) => leftLines),
    expectations: results.flatMap(({ leftExpectations }) => leftExpectations),
    rules,
  });
  const alone = standAlone({ lines: leftovers.leftLines, expectations: leftovers.leftExpectations, rules });
  return { file: mergeRanges(summaries), frame, result: mergeResults([...results, leftovers, alone]) };
}

/** Rows by shard, as the worker of a range or of a part of our payments leaves them. */
export async function writeStaged(files: WorkingFiles, keys: RowKeys, rows: readonly (readonly string[])[]) {
  const texts = rows.map((some) => some.join(''));
  for (const [shard, text] of texts.entries()) await writeText(files, keys.rows(0, shard), text);
  await writeJson(files, keys.index, [texts.map((text) => Buffer.byteLength(text))]);
}

const asJson = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part)));

export const context: StatementContext = {
  merchantNo,
  date: date as StatementContext['date'], // a real day
  currency: 'CNY',
  fileName: 'statement.csv',
  timeZone: 'Asia/Shanghai',
};

/** @throws Error with the rejection where the file has no frame. */
export function frameOf(format: LineFormat, bytes: Buffer): Frame {
  const frame = format.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);
  if (isRejection(frame)) throw new Error(`${frame.reason}: ${frame.detail}`);
  return frame;
}

export function chunksOf(bytes: Buffer, chunkBytes: number): Readable {
  const chunks: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += chunkBytes) chunks.push(bytes.subarray(from, from + chunkBytes));
  return Readable.from(chunks);
}

/** Every detail of a small file, parsed. */
export function parseAll(format: LineFormat, bytes: Buffer): ReadLine[] {
  const frame = frameOf(format, bytes);
  const text = decodeAs(format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd)) ?? '';
  return [...linesOf(text, frame.firstLineNumber)].map((line) => format.parseLine(frame, line.text, line.lineNumber));
}
