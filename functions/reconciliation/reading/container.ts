/** A statement comes plain, in gzip or in a zip archive: known by its first bytes, whatever the file is called. */
import { isRejection, type Rejection, reject } from '../rejection.ts';
import type { ByteSource } from './byte-source.ts';
import { gunzip, isGzip } from './gunzip.ts';
import { limited } from './unpacking.ts';
import { asUtf8, isUtf16 } from './utf16.ts';
import { isZip, openZip } from './zip.ts';

export interface Container {
  /** `utf-16`: plain, and not in an encoding that is read by ranges */
  readonly packing: 'plain' | 'utf-16' | 'gzip' | 'zip';
  /** the files in it, one or more, in the order of their names; a file that is in no archive is the only one */
  readonly entries: readonly PackedFile[];
}

export interface PackedFile {
  /** in an archive with its folders, for people */
  readonly name: string;
  /** the last part of its name */
  readonly fileName: string;
  /** From its first byte, decompressed, and UTF-16 as UTF-8. @throws Unpackable where the container is damaged or grows beyond its limits */
  readonly stream: () => AsyncIterable<Buffer>;
}

/** What stands in a container is not opened again: an archive in an archive is told from text by its first bytes. */
export async function openContainer(source: ByteSource, fileName: string): Promise<Container | Rejection> {
  const start = await source.read(0, Math.min(source.size, 4));
  const whole = () => source.stream(0, source.size);
  if (isGzip(start)) {
    const stream = () => limited(gunzip(whole()), { name: 'The file', packedBytes: source.size });
    const entry = { name: fileName, fileName: fileName.replace(/\.gz$/i, ''), stream };
    return { packing: 'gzip', entries: [recoded(entry)] };
  }
  if (!isZip(start)) {
    const packing = isUtf16(start) ? 'utf-16' : 'plain';
    return { packing, entries: [recoded({ name: fileName, fileName, stream: whole })] };
  }

  const entries = await openZip(source);
  if (isRejection(entries)) return entries;
  if (entries.length === 0) return reject('empty_file', 'The archive holds no file.');
  const lastPart = (name: string) => name.slice(name.lastIndexOf('/') + 1);
  return { packing: 'zip', entries: entries.map((entry) => recoded({ ...entry, fileName: lastPart(entry.name) })) };
}

const recoded = (file: PackedFile): PackedFile => ({ ...file, stream: () => asUtf8(file.stream(), file.name) });

/** The first bytes, as many at most. */
export async function startOf({ stream }: Pick<PackedFile, 'stream'>, maximumBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maximumBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maximumBytes);
}

const lineFeed = 0x0a;
const byteOrderMark = Buffer.from('\uFEFF');

/** Several files as one text: each begins on a line of its own, and without a byte order mark in the middle. */
export async function* oneAfterAnother(files: readonly Pick<PackedFile, 'stream'>[]): AsyncGenerator<Buffer> {
  let last = lineFeed;
  for (const [index, { stream }] of files.entries()) {
    if (last !== lineFeed) yield Buffer.from('\n');
    for await (const chunk of index === 0 ? stream() : withoutMark(stream())) {
      if (chunk.length === 0) continue;
      last = chunk[chunk.length - 1] ?? lineFeed;
      yield chunk;
    }
  }
}

async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < byteOrderMark.length) continue;
    yield start.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? start.subarray(byteOrderMark.length) : start;
    start = undefined;
  }
  if (start !== undefined) yield start;
}
