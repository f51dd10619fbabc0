/**
 * The laws of a reader, held against one file: it throws nothing, every record ends as a line, as an ignored one or as a line error
 * unless the file is turned away by name, and neither the pieces in which the file comes nor its byte ranges matter.
 */
import { isDeepStrictEqual } from 'node:util';
import { linesOf, planByteRanges } from '../../functions/reconciliation/byte-ranges.ts';
import { lineStaging } from '../../functions/reconciliation/line-staging.ts';
import { mergeRanges, type StagedRange } from '../../functions/reconciliation/range-summary.ts';
import { decodeAs } from '../../functions/reconciliation/reading/encoding.ts';
import { endBytes, fileStartOf } from '../../functions/reconciliation/reading/file-start.ts';
import { flattenDocument, lineReader, readInTurn } from '../../functions/reconciliation/reading/flattened.ts';
import type {
  DocumentFormat,
  Frame,
  LineFormat,
  StatementContext,
  StatementFormat,
} from '../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../functions/reconciliation/rejection.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';

/** How a file came to its end. */
export type Outcome = 'read' | 'turned away';

export interface File {
  readonly bytes: Buffer;
  readonly context: StatementContext;
}

export interface Cut {
  /** in which pieces the file comes */
  readonly chunkBytes: number;
  readonly rangeBytes: number;
}

const maximumLineBytes = 64 * 1024;

/** @throws Error that says which law is broken; whatever a reader throws */
export function holdFile(format: StatementFormat, { bytes, context }: File, cut: Cut): Promise<Outcome> {
  const { fileName } = context;
  const start = fileStartOf(bytes.subarray(0, endBytes), { name: fileName, fileName });
  if (!isRejection(start)) {
    format.recognise(start);
    format.accompanies?.(start);
  }
  return format.reads === 'lines'
    ? holdLines(format, { bytes, context }, cut)
    : holdDocument(format, { bytes, context }, cut);
}

async function holdLines(format: LineFormat, { bytes, context }: File, cut: Cut): Promise<Outcome> {
  const ends = { head: bytes.subarray(0, endBytes), tail: bytes.subarray(-endBytes), size: bytes.length };
  const frame = format.readFrame(ends, context);
  if (isRejection(frame)) return 'turned away';
  const { detailsStart, detailsEnd } = frame;
  const placed = 0 <= detailsStart && detailsStart <= detailsEnd && detailsEnd <= bytes.length;
  if (!placed) throw new Error(`the details are from ${detailsStart} to ${detailsEnd} of ${bytes.length}`);
  const text = decodeAs(format.encoding, bytes.subarray(detailsStart, detailsEnd));
  if (text === undefined) return 'turned away';
  const numbers: number[] = [];
  for (const line of linesOf(text, frame.firstLineNumber)) {
    if (line.text.trim() === '') continue;
    const read = format.parseLine(frame, line.text, line.lineNumber);
    if (numberOf(read) !== line.lineNumber) throw new Error(`line ${line.lineNumber} came out as ${numberOf(read)}`);
    numbers.push(line.lineNumber);
  }
  return holdRanges({ format, frame, bytes, lines: numbers.length, merchantNo: context.merchantNo }, cut);
}

interface Staged {
  readonly format: Pick<LineFormat, 'encoding' | 'parseLine' | 'byteReader'>;
  readonly frame: Frame;
  readonly bytes: Buffer;
  /** that are not blank */
  readonly lines: number;
  readonly merchantNo: string;
}

/** As Stage does it, whole and in ranges: both must find the same. */
async function holdRanges(staged: Staged, { chunkBytes, rangeBytes }: Cut): Promise<Outcome> {
  const { frame, bytes, lines } = staged;
  const whole = staging(staged, {
    start: frame.detailsStart,
    end: frame.detailsEnd,
    firstLineNumber: frame.firstLineNumber,
  });
  const ranges = await planByteRanges(chunks(bytes, chunkBytes), {
    start: frame.detailsStart,
    end: frame.detailsEnd,
    firstLineNumber: frame.firstLineNumber,
    rangeBytes,
    maximumLineBytes,
  });
  if (!ranges) return 'turned away';
  const parts = ranges.map((range) => staging(staged, range));
  const merged = mergeRanges(parts.map(({ summary }) => summary));
  const { errors, ignored, read } = whole.summary;
  const accounted = whole.rows.length + errors.length + Object.values(ignored).reduce((sum, count) => sum + count, 0);
  if (read !== lines || accounted !== read) throw new Error(`${lines} lines in, ${read} read, ${accounted} out`);
  const sorted = (rows: readonly string[]) => rows.toSorted();
  if (!isDeepStrictEqual(sorted(parts.flatMap(({ rows }) => rows)), sorted(whole.rows))) {
    throw new Error('the rows are others where the file is read in ranges');
  }
  if (!isDeepStrictEqual(merged, mergeRanges([whole.summary])))
    throw new Error('the counts and sums of ranges are others');
  return 'read';
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly firstLineNumber: number;
}

const shards = 3;

function staging(
  { format, frame, bytes, merchantNo }: Staged,
  { start, end, firstLineNumber }: Range,
): { rows: string[]; summary: StagedRange } {
  const rows = new RowBuffers(shards, end - start);
  const at = lineStaging({ format, frame, firstLineNumber, merchantNo, isOfDay: () => true, rows });
  at.take(bytes.subarray(start, end));
  const { summary } = at.finish();
  return { rows: rows.contents().flatMap((some) => some.toString().match(/.*\n/g) ?? []), summary };
}

/** Laid out as lines, as Identify does it, and then held like any file of lines. */
async function holdDocument(format: DocumentFormat, { bytes, context }: File, cut: Cut): Promise<Outcome> {
  const whole = await laidOut(format, { bytes, context }, bytes.length + 1);
  const inPieces = await laidOut(format, { bytes, context }, cut.chunkBytes);
  if (!isDeepStrictEqual(whole, inPieces))
    throw new Error('the document is another one where it comes in other pieces');
  if (isRejection(whole.end)) return 'turned away';
  const frame = {
    columns: [],
    detailsStart: 0,
    detailsEnd: whole.lines.length,
    firstLineNumber: 1,
    control: whole.end,
  };
  const count = whole.lines
    .toString()
    .split('\n')
    .filter((line) => line !== '').length;
  return holdRanges(
    { format: lineReader(format), frame, bytes: whole.lines, lines: count, merchantNo: context.merchantNo },
    cut,
  );
}

async function laidOut(format: DocumentFormat, { bytes, context }: File, chunkBytes: number) {
  const file = { fileName: context.fileName, stream: () => chunks(bytes, chunkBytes) };
  const records = flattenDocument(readInTurn(format, [file], context));
  const lines: Buffer[] = [];
  for (;;) {
    const next = await records.next();
    if (next.done) return { lines: Buffer.concat(lines), end: next.value };
    lines.push(next.value);
  }
}

async function* chunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

const numberOf = (read: ReturnType<LineFormat['parseLine']>): number =>
  'line' in read ? read.line.lineNumber : read.lineNumber;
