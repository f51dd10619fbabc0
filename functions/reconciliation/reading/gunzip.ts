/** Gzip, as a stream. */
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { reject } from '../rejection.ts';
import { isZlibError, Unpackable } from './unpacking.ts';

export const isGzip = (start: Buffer): boolean => start[0] === 0x1f && start[1] === 0x8b;

/** @throws Unpackable for what is no gzip, or not whole; what the source throws goes through */
export async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const unzipped = createGunzip();
  // what goes wrong is met by whoever reads
  pipeline(chunks, unzipped, () => undefined);
  try {
    for await (const chunk of unzipped) yield chunk as Buffer; // a gunzip without encoding gives buffers
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new Unpackable(reject('corrupt_gzip', `The file can't be decompressed: ${error.message}.`));
  }
}
