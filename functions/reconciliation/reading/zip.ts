/**
 * Zip archives, read by ranges: the directory at the end, then each entry as a stream. Limits hold before a byte is
 * decompressed, and again while it is, since a directory may lie.
 */
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { type Rejection, reject } from '../rejection.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeAs } from './encoding.ts';
import { bomb, isBomb, isZlibError, limited, maximumStatementBytes, tooLarge, Unpackable } from './unpacking.ts';

/** A channel's archive has a handful of files. */
const maximumEntries = 50;

export interface ZipEntry {
  /** with its folders, for people */
  readonly name: string;
  /** bytes, as the directory says */
  readonly size: number;
  /** @throws Unpackable where the entry is damaged or more than it said */
  readonly stream: () => AsyncIterable<Buffer>;
}

/** `PK` and the number of a local header, or of the end of an archive without a file. */
export const isZip = (start: Buffer): boolean =>
  start.length >= 4 && (start.readUInt32BE(0) === 0x504b0304 || start.readUInt32BE(0) === 0x504b0506);

/** @returns the files in it, in the order of their names; what the source throws goes through */
export async function openZip(source: ByteSource): Promise<readonly ZipEntry[] | Rejection> {
  const reader = new RangeReader(source);
  try {
    const options = { autoClose: false, decodeStrings: false };
    const zip = await fromRandomAccessReaderPromise(reader, source.size, options);
    if (zip.entryCount > maximumEntries) {
      return reject('too_many_entries', `The archive has ${zip.entryCount} entries; ${maximumEntries} are allowed.`);
    }
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return wrongArchive(entries, source.size) ?? filesOf(entries).map((entry) => readable(entry, zip, reader));
  } catch (error) {
    return damaged(error, reader).rejection;
  }
}

function wrongArchive(entries: readonly Entry[], size: number): Rejection | undefined {
  const files = filesOf(entries);
  if (files.some((entry) => nameOf(entry) === 'xl/workbook.xml')) {
    return reject('spreadsheet', 'The file is an Excel workbook: export it as CSV.');
  }
  const locked = files.find((entry) => entry.isEncrypted());
  if (locked) return reject('encrypted_archive', `${shownName(locked)} is encrypted: send it without a password.`);
  const unknown = files.find((entry) => !entry.canDecodeFileData());
  if (unknown) {
    const method = unknown.compressionMethod;
    return reject('corrupt_zip', `${shownName(unknown)} is compressed by method ${method}; only deflate is read.`);
  }
  const sum = (of: (entry: Entry) => number) => files.reduce((total, entry) => total + of(entry), 0);
  if (sum(({ uncompressedSize }) => uncompressedSize) > maximumStatementBytes) return tooLarge();
  const swollen = files.find((entry) => isBomb(entry.uncompressedSize, entry.compressedSize));
  if (swollen) return bomb(shownName(swollen));
  if (sum(({ compressedSize }) => compressedSize) > size) {
    return reject('compression_bomb', 'The entries of the archive lie on top of each other.');
  }
  return undefined;
}

/** Folders are entries too, and so is what macOS adds for itself. */
const filesOf = (entries: readonly Entry[]): Entry[] =>
  entries
    .filter((entry) => !nameOf(entry).endsWith('/') && !nameOf(entry).startsWith('__MACOSX/'))
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

const inUtf8 = 0x800;

/** Where an entry does not say that its name is UTF-8, programs in China write GBK. */
function nameOf(entry: Entry): string {
  const { fileNameRaw: bytes, generalPurposeBitFlag: flags, extraFields } = entry;
  if ((flags & inUtf8) !== 0 || extraFields.some(({ id }) => id === unicodePath)) {
    return getFileNameLowLevel(flags | inUtf8, bytes, extraFields, false);
  }
  return (decodeAs('utf-8', bytes) ?? decodeAs('gb18030', bytes) ?? bytes.toString('latin1')).replaceAll('\\', '/');
}

const unicodePath = 0x7075;

/** As a rejection names it: no more of it than a person reads, and on one line. */
const shownName = (entry: Entry): string =>
  nameOf(entry)
    .replaceAll(/\p{Cc}/gu, '?')
    .slice(-maximumShown);
const maximumShown = 200;

const readable = (entry: Entry, zip: ZipFile, reader: RangeReader): ZipEntry => ({
  name: shownName(entry),
  size: entry.uncompressedSize,
  stream: () => limited(contentOf(entry, zip, reader), { name: shownName(entry), packedBytes: entry.compressedSize }),
});

async function* contentOf(entry: Entry, zip: ZipFile, reader: RangeReader): AsyncGenerator<Buffer> {
  let checksum = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream) {
      checksum = crc32(chunk as Buffer, checksum); // a stream without encoding gives buffers
      yield chunk as Buffer;
    }
  } catch (error) {
    throw damaged(error, reader);
  }
  if (checksum === entry.crc32) return;
  throw new Unpackable(reject('corrupt_zip', `${shownName(entry)} is not what its checksum says.`));
}

/**
 * yauzl says with a plain Error what is wrong with an archive.
 *
 * @throws whatever the source threw, and what is no answer about the archive
 */
function damaged(error: unknown, reader: RangeReader): Unpackable {
  if (reader.failure) throw reader.failure.cause;
  const ofArchive = error instanceof Error && ['Error', 'RangeError'].includes(error.name);
  if (!ofArchive && !isZlibError(error)) throw error;
  return new Unpackable(reject('corrupt_zip', `The archive can't be read: ${error.message.split('\n', 1)[0]}.`));
}

/** The directory is read in steps of some fifty bytes each: a window on the source saves a call for each of them. */
const windowBytes = 64 * 1024;

class RangeReader extends RandomAccessReader {
  /** what the source threw, which yauzl would tell as its own */
  failure: { readonly cause: unknown } | undefined;
  private readonly source: ByteSource;
  private window: { readonly start: number; readonly bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };

  constructor(source: ByteSource) {
    super();
    this.source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.watched(start, end), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.bytesAt(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(null);
      },
      (error: Error) => callback(error),
    );
  }

  private async bytesAt(position: number, length: number): Promise<Buffer> {
    const end = position + length;
    if (end > this.source.size) throw new Error('an offset lies behind the end of the file');
    const { start, bytes } = this.window;
    if (position < start || end > start + bytes.length) {
      const windowEnd = Math.min(this.source.size, Math.max(end, position + windowBytes));
      this.window = { start: position, bytes: await this.source.read(position, windowEnd).catch(this.failed) };
    }
    return this.window.bytes.subarray(position - this.window.start, end - this.window.start);
  }

  private async *watched(start: number, end: number): AsyncGenerator<Buffer> {
    try {
      yield* this.source.stream(start, end);
    } catch (cause) {
      this.failed(cause);
    }
  }

  private readonly failed = (cause: unknown): never => {
    this.failure ??= { cause };
    throw cause;
  };
}
