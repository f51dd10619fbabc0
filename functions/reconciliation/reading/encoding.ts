/** Bytes as text: strictly, since a file in another encoding than its format's is not to be guessed at. */
import { isUtf8 } from 'node:buffer';
import type { LineFormat } from './statement-format.ts';

const byteOrderMark = '\uFEFF';
const gb18030 = new TextDecoder('gb18030', { fatal: true });

/** @returns undefined for bytes that are not in the encoding. */
export function decodeAs(encoding: LineFormat['encoding'], bytes: Buffer): string | undefined {
  switch (encoding) {
    case 'utf-8':
      return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
    case 'latin1':
      return bytes.toString('latin1');
    case 'gb18030':
      try {
        return gb18030.decode(bytes);
      } catch {
        return undefined; // the decoder throws for nothing else
      }
  }
}

/** The same without a text being made, where that is possible. */
export const isEncodedAs = (encoding: LineFormat['encoding'], bytes: Buffer): boolean =>
  encoding === 'utf-8' ? isUtf8(bytes) : decodeAs(encoding, bytes) !== undefined;

const longestCharacter = 4;

/** The same for bytes that may end within a character, which is then left out. */
export function decodeStart(encoding: LineFormat['encoding'], bytes: Buffer): string | undefined {
  for (let cut = 0; cut < longestCharacter; cut++) {
    const text = decodeAs(encoding, bytes.subarray(0, bytes.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The first line without byte order mark and line end. */
export const firstLineOf = (head: string): string =>
  (head.split('\n', 1)[0] ?? '').replace(byteOrderMark, '').replace(/\r$/, '');
