/**
 * One gzip stream that can be read from several places: after each segment the compressor starts anew (RFC 1951, full flush), so
 * that a segment is inflated by itself, and whoever takes the whole sees an ordinary gzip file.
 */
import { constants, createGzip, inflateRawSync } from 'node:zlib';

/** What RFC 1952 puts before the first compressed byte, as zlib writes it: no name, no comment. */
const gzipHeaderBytes = 10;

export interface Segment {
  /** compressed bytes, from the first up to but without the second */
  readonly start: number;
  readonly end: number;
}

export interface GzipWriter {
  /** Compresses a text as a segment of its own. */
  readonly segment: (text: string) => Promise<Segment>;
  /** The last bytes, with length and checksum. */
  readonly finish: () => Promise<void>;
}

/** @param write takes the compressed bytes as they come, one call after the other */
export function gzipWriter(write: (bytes: Buffer) => Promise<void>): GzipWriter {
  const gzip = createGzip({ level: 5 });
  let made: Buffer[] = [];
  let position = gzipHeaderBytes;
  gzip.on('data', (chunk: Buffer) => made.push(chunk));
  let started = false;
  const handOn = async () => {
    const bytes = Buffer.concat(made);
    made = [];
    await write(bytes);
    return bytes.length;
  };
  return {
    segment: async (text) => {
      gzip.write(text);
      await new Promise<void>((resolve) => gzip.flush(constants.Z_FULL_FLUSH, resolve));
      const bytes = await handOn();
      const start = position;
      position += started ? bytes : bytes - gzipHeaderBytes;
      started = true;
      return { start, end: position };
    },
    finish: async () => {
      const ended = new Promise<void>((resolve, reject) => gzip.once('end', resolve).once('error', reject));
      gzip.end();
      await ended;
      await handOn();
    },
  };
}

/** @param bytes of one segment, or of some that follow each other */
export const inflateSegments = (bytes: Buffer): string =>
  inflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
