/** What a file is by its first bytes: text that a format may recognise, or something else by name. */
import { type Rejection, reject } from '../rejection.ts';
import { decodeAs, decodeStart, firstLineOf } from './encoding.ts';
import { isGzip } from './gunzip.ts';
import type { FileStart, LineFormat } from './statement-format.ts';
import { isZip } from './zip.ts';

/** Enough for a header, and for a summary with whatever blank lines follow it. */
export const endBytes = 64 * 1024;

/** @param head the whole file where it has fewer than {@link endBytes} */
export function fileStartOf(
  head: Buffer,
  { name, fileName }: { readonly name: string; readonly fileName: string },
): FileStart | Rejection {
  if (head.length === 0) return reject('empty_file', `${name} has no byte.`);
  if (isZip(head) || isGzip(head)) {
    return reject('nested_archive', `${name} is packed twice: send an archive of plain files, or the file itself.`);
  }
  const known = notText.find(({ mark }) => head.subarray(0, mark.length).equals(mark));
  if (known) return reject(known.reason, `${name} is ${known.what}.`);
  if (head.includes(0)) {
    return isUtf16(head)
      ? reject('wrong_encoding', `${name} is UTF-16 text: send it with its byte order mark, or as UTF-8.`)
      : reject('binary_file', `${name} is no text.`);
  }
  const text = textOf(head);
  // nothing but blank lines, or a byte order mark
  if (head.length < endBytes && text.trim() === '') return reject('empty_file', `${name} holds no line.`);
  return { head, header: firstLineOf(text), fileName };
}

/** Of text in neither encoding its ASCII part is what it is recognised by, as files of banks in Europe have it. */
const textOf = (head: Buffer): string =>
  decoded('utf-8', head) ?? decoded('gb18030', head) ?? decoded('latin1', head) ?? '';

/** Only the start of a longer file may end within a character. */
const decoded = (encoding: LineFormat['encoding'], head: Buffer): string | undefined =>
  head.length < endBytes ? decodeAs(encoding, head) : decodeStart(encoding, head);

/** Whether a file is, by its start, text in one of the encodings. */
export const isReadable = ({ head }: FileStart, encodings: readonly LineFormat['encoding'][]): boolean =>
  encodings.some((encoding) => decoded(encoding, head) !== undefined);

const marked = (hex: string) => Buffer.from(hex, 'hex');

const notText = [
  { mark: marked('d0cf11e0a1b11ae1'), reason: 'spreadsheet', what: 'an Excel or other Office file: export it as CSV' },
  { mark: Buffer.from('%PDF-'), reason: 'binary_file', what: 'a PDF document' },
  { mark: Buffer.from('Rar!\x1a'), reason: 'binary_file', what: 'a RAR archive: send it as zip' },
  { mark: marked('377abcaf271c'), reason: 'binary_file', what: 'a 7z archive: send it as zip' },
] as const;

/** Every second byte of the first ones is 0, as UTF-16 has it for what is mostly ASCII. */
function isUtf16(head: Buffer): boolean {
  const start = head.subarray(0, 64);
  const zeroes = (parity: number) => start.filter((byte, index) => index % 2 === parity && byte === 0).length;
  const few = start.length / 8;
  return (zeroes(0) === 0 && zeroes(1) > few) || (zeroes(1) === 0 && zeroes(0) > few);
}
