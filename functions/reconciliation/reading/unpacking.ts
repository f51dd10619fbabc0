/** What holds for every packed file while it is unpacked, and how a stream says that it can't go on. */
import { type Rejection, reject } from '../rejection.ts';

/** Thrown within the stream of a packed file, since a stream has no other answer; Identify turns it into a rejection. */
export class Unpackable extends Error {
  readonly rejection: Rejection;

  constructor(rejection: Rejection) {
    super(rejection.detail);
    this.rejection = rejection;
  }
}

/** 2 GiB, before and after decompression; a day of ten million lines has about as much. */
export const maximumStatementBytes = 2 * 1024 ** 3;

export const tooLarge = (): Rejection =>
  reject('file_too_large', `Decompressed, the file has more than ${maximumStatementBytes} bytes.`);

/**
 * Statements shrink to a tenth or a twentieth, and one whose lines are all alike to a hundredth: what grows five hundred times is
 * no statement. Deflate makes at most a thousandth of anything.
 */
const maximumRatio = 500;
/** The little that any ratio is allowed for. */
const allowedBytes = 1024 ** 2;

export const isBomb = (unpackedBytes: number, packedBytes: number): boolean =>
  unpackedBytes > allowedBytes + maximumRatio * packedBytes;

export const bomb = (name: string): Rejection =>
  reject('compression_bomb', `${name} grows more than ${maximumRatio} times when it is decompressed.`);

/** @throws Unpackable where more comes than a statement may have, or than its packed form may hold */
export async function* limited(
  chunks: AsyncIterable<Buffer>,
  { name, packedBytes }: { readonly name: string; readonly packedBytes: number },
): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maximumStatementBytes) throw new Unpackable(tooLarge());
    if (isBomb(size, packedBytes)) throw new Unpackable(bomb(name));
    yield chunk;
  }
}

/** By its code: the errors of Node's own modules are of another realm where tests run. */
export const isZlibError = (error: unknown): error is Error =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('Z_');
