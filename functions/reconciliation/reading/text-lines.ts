/** The lines of a document, whatever pieces the network delivers it in, with one line in memory. */

import { type Rejection, reject } from '../rejection.ts';
import { decodeAs } from './encoding.ts';

export interface TextLine {
  /** without its line end, CRLF or LF, and without a byte order mark */
  readonly text: string;
  readonly lineNumber: number;
}

/** No bank's line comes near it: SWIFT allows 65 characters, BAI2 writes up to some hundred. */
const maximumLineBytes = 64 * 1024;
const lineFeed = 0x0a;

/**
 * Each line is UTF-8 or else Latin-1: formats of ASCII keys and figures say nowhere in which of the two a name is written.
 *
 * Ends with a rejection where a line is longer than 64 KiB, or holds a zero byte, as no text does.
 */
export async function* textLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextLine | Rejection> {
  let lineNumber = 1;
  let open: Buffer[] = [];
  let openBytes = 0;
  const close = (end: Buffer): TextLine | Rejection => {
    const line = lineOf(openBytes === 0 ? end : Buffer.concat([...open, end]), lineNumber);
    [open, openBytes] = [[], 0];
    lineNumber += 1;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const line = close(chunk.subarray(from, at));
      yield line;
      if ('reason' in line) return;
      from = at + 1;
    }
    if (from < chunk.length) open.push(chunk.subarray(from));
    openBytes += chunk.length - from;
    if (openBytes > maximumLineBytes) return yield tooLong(lineNumber);
  }
  if (openBytes > 0) yield close(Buffer.alloc(0));
}

const tooLong = (lineNumber: number): Rejection =>
  reject('line_too_long', `Line ${lineNumber} has more than ${maximumLineBytes} bytes.`);

function lineOf(bytes: Buffer, lineNumber: number): TextLine | Rejection {
  if (bytes.length > maximumLineBytes) return tooLong(lineNumber);
  if (bytes.includes(0)) return reject('wrong_encoding', `Line ${lineNumber} holds a zero byte: the file is no text.`);
  const text = decodeAs('utf-8', bytes) ?? bytes.toString('latin1');
  return { text: text.replaceAll('\uFEFF', '').replace(/\r$/, ''), lineNumber };
}
