/** Finds the parts of a file whose header and details stand between lines that begin with `#`, as Alipay's bills do. */
import { type Rejection, reject } from '../rejection.ts';
import { decodeAs } from './encoding.ts';
import type { FileEnds } from './statement-format.ts';

export interface HashedFrame {
  readonly encoding: 'utf-8' | 'gb18030';
  /** the lines before the header and after the details */
  readonly opening: readonly string[];
  readonly closing: readonly string[];
  readonly header: string;
  readonly detailsStart: number;
  readonly detailsEnd: number;
  readonly firstLineNumber: number;
}

const lineFeed = 0x0a;
const byteOrderMark = Buffer.from('\uFEFF');

/**
 * The bytes are GB18030, or UTF-8 where somebody saved the file again: the first line, which is never plain ASCII, tells. In both,
 * a line feed and a `#` at the start of a line are never part of another character.
 *
 * @param endMark words of the first line after the details
 */
export function locateHashedFrame({ head, tail, size }: FileEnds, endMark: string): HashedFrame | Rejection {
  const begin = head.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  const firstEnd = head.indexOf(lineFeed);
  const encoding = decodeAs('utf-8', head.subarray(0, Math.max(firstEnd, 0))) === undefined ? 'gb18030' : 'utf-8';

  const opening: string[] = [];
  let lineNumber = 1;
  let start = begin;
  for (;;) {
    const end = head.indexOf(lineFeed, start);
    if (end < 0) return reject('truncated', 'The file ends before the line that names its columns.');
    const line = decodeAs(encoding, head.subarray(start, end))?.trim();
    if (line === undefined) return reject('wrong_encoding', `Line ${lineNumber} is neither UTF-8 nor GB18030.`);
    start = end + 1;
    lineNumber += 1;
    if (line.startsWith('#')) opening.push(frameLine(line));
    else if (line !== '') {
      const closing = closingOf(tail, encoding, endMark);
      if (!closing) return reject('truncated', `The file ends without the figures after its ${endMark}.`);
      const detailsEnd = size - tail.length + closing.start;
      return {
        encoding,
        opening,
        closing: closing.lines,
        header: line,
        detailsStart: start,
        detailsEnd,
        firstLineNumber: lineNumber,
      };
    }
  }
}

/** The last lines, from the end mark on: nothing but lines with `#` and blank ones follows it. */
function closingOf(tail: Buffer, encoding: HashedFrame['encoding'], endMark: string) {
  const lines: string[] = [];
  for (let end = tail.length; end > 0; ) {
    const start = tail.lastIndexOf(lineFeed, end - 2) + 1;
    const line = end > 1 ? decodeAs(encoding, tail.subarray(start, end))?.trim() : '';
    if (line === undefined || (line !== '' && !line.startsWith('#'))) return undefined;
    if (line !== '') lines.unshift(frameLine(line));
    if (line.includes(endMark)) return { start, lines };
    end = start;
  }
  return undefined;
}

/** Half-width punctuation, without the commas that a spreadsheet adds. */
const frameLine = (line: string): string => line.replaceAll('：', ':').replaceAll('，', ',').replace(/,+$/, '');
