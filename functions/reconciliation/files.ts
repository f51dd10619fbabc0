/** This context's files: JSON and text of the steps in the working bucket, beside what every context does with S3. */
import { type Files, readObject, streamFile, writeChunks, writeObject } from '../kernel/files.ts';

export {
  copyFile,
  type Files,
  linesOf,
  newestVersion,
  type ObjectRef,
  readObject,
  readRange,
  startUpload,
  streamFile,
  streamPart,
  writeObject,
} from '../kernel/files.ts';

/** Where working files go: they are forgotten after a month. */
export interface WorkingFiles extends Files {
  readonly workingBucket: string;
}

/** JSON with whole numbers of any size: a bigint is written as its digits, which the reader's schema turns back. */
export async function writeJson(files: WorkingFiles, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  await writeText(files, key, text);
}

export const writeText = (files: WorkingFiles, key: string, text: string): Promise<void> =>
  writeObject(files, { bucket: files.workingBucket, key }, text);

export const writeBytes = (files: WorkingFiles, key: string, bytes: Uint8Array): Promise<void> =>
  writeObject(files, { bucket: files.workingBucket, key }, bytes);

/** The file in pieces, as they come. */
export const streamWorkingFile = (files: WorkingFiles, key: string): AsyncIterable<Buffer> =>
  streamFile(files, { bucket: files.workingBucket, key });

/** @throws Error when there is no such file: an earlier step must have written it. */
export const readText = (files: WorkingFiles, key: string): Promise<string> =>
  readObject(files, { bucket: files.workingBucket, key });

export const readJson = async (files: WorkingFiles, key: string): Promise<unknown> =>
  JSON.parse(await readText(files, key));

/** Writes a stream of unknown length. @returns the number of bytes */
export async function writeStream(files: WorkingFiles, key: string, chunks: AsyncIterable<Buffer>): Promise<number> {
  const { bytes } = await writeChunks(files, { bucket: files.workingBucket, key }, chunks);
  return bytes;
}
