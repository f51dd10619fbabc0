/** Finds the parts of a delimited file whose first line is a header and whose last two are a summary. */
import { isUtf8 } from 'node:buffer';
import { minorUnitsFromDecimal } from '../../kernel/money.ts';
import { type Rejection, reject } from '../rejection.ts';
import type { FileEnds } from './statement-format.ts';

export interface FrameText {
  readonly header: string;
  readonly summaryHeader: string;
  readonly summary: string;
  readonly detailsStart: number;
  readonly detailsEnd: number;
}

const lineFeed = 0x0a;
const byteOrderMark = '\uFEFF';

/** @returns undefined for bytes that are no UTF-8. */
export const decodeStrictly = (bytes: Buffer): string | undefined =>
  isUtf8(bytes) ? bytes.toString('utf8') : undefined;

const longestCharacter = 4;

/** The same for bytes that may end within a character, which is then left out. */
export function decodeStart(bytes: Buffer): string | undefined {
  for (let cut = 0; cut < longestCharacter; cut++) {
    const text = decodeStrictly(bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The first line without byte order mark and line end. */
export const firstLineOf = (head: string): string =>
  (head.split('\n', 1)[0] ?? '').replace(byteOrderMark, '').replace(/\r$/, '');

/** @param summaryMark with which the summary's header begins */
export function locateFrame({ head, tail, size }: FileEnds, summaryMark: string): FrameText | Rejection {
  const headerEnd = head.indexOf(lineFeed);
  const mark = tail.lastIndexOf(`\n${summaryMark}`);
  if (headerEnd < 0 || mark < 0) return reject('truncated', 'The file ends without its summary row.');
  const detailsEnd = size - tail.length + mark + 1;
  const header = decodeStrictly(head.subarray(0, headerEnd));
  const after = decodeStrictly(tail.subarray(mark + 1));
  if (header === undefined || after === undefined) return reject('wrong_encoding', 'The file is not UTF-8.');
  const [summaryHeader = '', summary, ...rest] = after.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (summary === undefined) return reject('truncated', 'The file ends before the figures of its summary row.');
  if (rest.length > 0) return reject('malformed_frame', `${rest.length} line(s) follow the summary row.`);
  return { header: firstLineOf(header), summaryHeader, summary, detailsStart: headerEnd + 1, detailsEnd };
}

/** Names that are missing or stand twice among a file's columns. */
export function checkColumns(columns: readonly string[], required: readonly string[]): Rejection | undefined {
  const missing = required.filter((name) => !columns.includes(name));
  if (missing.length > 0) return reject('malformed_frame', `The header lacks ${missing.join(', ')}.`);
  const twice = columns.filter((name, index) => columns.indexOf(name) !== index);
  if (twice.length > 0) return reject('malformed_frame', `The header names ${twice.join(', ')} twice.`);
  return undefined;
}

/** Decimal text in thousandths of the major unit: exact for every currency that the center books. */
export const thousandths = (text: string): bigint | undefined => minorUnitsFromDecimal(text, 'KWD');

/** @returns undefined for anything but a whole number that is not negative. */
export const wholeNumber = (text: string): bigint | undefined => (/^\d{1,12}$/.test(text) ? BigInt(text) : undefined);
