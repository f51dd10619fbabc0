/** A sample read as a whole, in the shape in which it is checked in beside the sample. */
import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from '../../../functions/reconciliation/byte-ranges.ts';
import { checkFile } from '../../../functions/reconciliation/control-totals.ts';
import { decodeAs, firstLineOf } from '../../../functions/reconciliation/reading/encoding.ts';
import type {
  FileStart,
  Frame,
  LineFormat,
  ReadLine,
  StatementContext,
} from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection, type Rejection } from '../../../functions/reconciliation/rejection.ts';
import { dayTest, stageLines } from '../../../functions/reconciliation/stage-channel-rows.ts';

export interface WholeFile {
  readonly format: LineFormat;
  readonly bytes: Buffer;
  readonly context: StatementContext;
}

export const sample = (name: string): Buffer => readFileSync(new URL(`samples/${name}`, import.meta.url));

/** Of a sample of that name. */
export const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'));

/** @throws Error with the rejection where the file has no frame. */
export function frameIn({ format, bytes, context }: WholeFile): Frame {
  const frame = readFrame({ format, bytes, context });
  if (isRejection(frame)) throw new Error(`${frame.reason}: ${frame.detail}`);
  return frame;
}

export const readFrame = ({ format, bytes, context }: WholeFile): Frame | Rejection =>
  format.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);

export function readLines(file: WholeFile): ReadLine[] {
  const { format, bytes } = file;
  const frame = frameIn(file);
  const text = decodeAs(format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd)) ?? '';
  return [...linesOf(text, frame.firstLineNumber)].map((line) => format.parseLine(frame, line.text, line.lineNumber));
}

/** The control totals and every line, with amounts as digits and times as RFC 3339; the raw text is the file itself. */
export function wholeOf(file: WholeFile): unknown {
  const { control, firstLineNumber } = frameIn(file);
  return asJson({ control, firstLineNumber, lines: readLines(file) });
}

const asJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (name, part: unknown) => {
      if (name === 'raw') return undefined;
      return typeof part === 'bigint' ? `${part}` : part;
    }),
  );

/** What Stage counts of the file and what Conclude makes of it. */
export function checked(file: WholeFile) {
  const { format, bytes, context } = file;
  const frame = frameIn(file);
  const { rows, summary } = stageLines({
    format,
    frame,
    text: decodeAs(format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd)) ?? '',
    firstLineNumber: frame.firstLineNumber,
    shards: 3,
    merchantNo: context.merchantNo,
    isOfDay: dayTest(context.date, context.timeZone),
  });
  const outcome = checkFile({ ...summary, wrongEncoding: false }, frame.control, context);
  return { rows: rows.flat().length, errors: summary.errors, ignored: summary.ignored, read: summary.read, outcome };
}

/** As Identify sees it. */
export const startOf = (bytes: Buffer, fileName = 'statement'): FileStart => ({
  head: bytes,
  header: firstLineOf(decodeAs('utf-8', bytes) ?? decodeAs('gb18030', bytes) ?? ''),
  fileName,
});

const anyDamage = fc.array(
  fc.record({
    at: fc.nat(100_000),
    remove: fc.nat(60),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      fc
        .constantFrom('\n', '\r\n', ',', '`', '"', '-', '#', '\uFEFF', '0', 'C', '99999999999999999999')
        .map((text) => Buffer.from(text)),
    ),
  }),
  { minLength: 1, maxLength: 4 },
);

const damaged = (bytes: Buffer, damage: readonly { at: number; remove: number; insert: Buffer }[]): Buffer =>
  damage.reduce((file, { at, remove, insert }) => {
    const place = at % Math.max(1, file.length);
    return Buffer.concat([file.subarray(0, place), insert, file.subarray(place + remove)]);
  }, bytes);

/** Whatever happens to the file on its way: it is refused by name, or each of its lines is a row, ignored or an error. */
export function expectNoLineLost(file: WholeFile): void {
  fc.assert(
    fc.property(anyDamage, (damage) => {
      const bytes = damaged(file.bytes, damage);
      file.format.recognise(startOf(bytes));
      const frame = readFrame({ ...file, bytes });
      if (isRejection(frame)) return;
      const text = decodeAs(file.format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd));
      if (text === undefined) return;
      const lines = [...linesOf(text, 1)].filter((line) => line.text.trim() !== '');
      const { rows, errors, ignored, read } = checked({ ...file, bytes });
      expect(read).toBe(lines.length);
      expect(rows + errors.length + Object.values(ignored).reduce((sum, count) => sum + count, 0)).toBe(read);
    }),
    { numRuns: 1_000 },
  );
}
