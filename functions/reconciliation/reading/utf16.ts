/** Files in UTF-16, as spreadsheets and some banks write them, are read as UTF-8: known by their byte order mark alone. */
import { TextDecoder } from 'node:util';
import { reject } from '../rejection.ts';
import { Unpackable } from './unpacking.ts';

const markBytes = 2;

const encodingOf = (start: Buffer): 'utf-16le' | 'utf-16be' | undefined => {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : undefined;
};

export const isUtf16 = (start: Buffer): boolean => encodingOf(start) !== undefined;

/**
 * The same bytes unless they begin as UTF-16; else UTF-8 with its own mark, which tells more than the encoding that an XML
 * declaration names. Holds one piece in memory.
 *
 * @throws Unpackable where a character is none
 */
export async function* asUtf8(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  let decode: ((bytes?: Buffer) => Buffer) | undefined;
  for await (const chunk of chunks) {
    if (start) {
      start = Buffer.concat([start, chunk]);
      if (start.length < markBytes) continue;
      const encoding = encodingOf(start);
      decode = encoding && decoderOf(encoding, name);
      yield decode?.(start) ?? start;
      start = undefined;
    } else {
      yield decode?.(chunk) ?? chunk;
    }
  }
  if (start) yield start;
  if (decode) yield decode();
}

/** Without bytes it is asked whether the last character is whole. */
function decoderOf(encoding: 'utf-16le' | 'utf-16be', name: string): (bytes?: Buffer) => Buffer {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return Buffer.from(bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode());
    } catch {
      // the decoder throws for nothing else
      throw new Unpackable(reject('wrong_encoding', `${name} is not throughout in UTF-16, as its first bytes say.`));
    }
  };
}
