/** The few S3 calls of this context. Large files pass in pieces; nothing keeps a whole one in memory. */
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

export interface Files {
  readonly client: Pick<S3Client, 'send'>;
}

/** Where working files go: they are forgotten after a month. */
export interface WorkingFiles extends Files {
  readonly workingBucket: string;
}

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

const parameters = ({ bucket, key, versionId }: ObjectRef) => ({ Bucket: bucket, Key: key, VersionId: versionId });

/** Which version of an object is the newest now, and its size; for events that name no version. */
export async function newestVersion({ client }: Files, ref: ObjectRef): Promise<{ versionId?: string; size: number }> {
  const { VersionId, ContentLength = 0 } = await client.send(new HeadObjectCommand(parameters(ref)));
  return { size: ContentLength, ...(VersionId && { versionId: VersionId }) };
}

/** The bytes from `start` up to but without `end`. */
export async function readRange({ client }: Files, ref: ObjectRef, start: number, end: number): Promise<Buffer> {
  if (end <= start) return Buffer.alloc(0);
  const range = { ...parameters(ref), Range: `bytes=${start}-${end - 1}` };
  const { Body, ContentRange } = await client.send(new GetObjectCommand(range));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  const bytes = Buffer.from(await Body.transformToByteArray());
  // a server may answer a range with the whole (RFC 9110, 14.2), as an emulator does for a version
  const part = ContentRange === undefined ? bytes.subarray(start, end) : bytes;
  if (part.length !== end - start) throw new Error(`${ref.key}: ${part.length} of ${end - start} bytes came`);
  return part;
}

export async function* streamFile({ client }: Files, ref: ObjectRef): AsyncGenerator<Buffer> {
  const { Body } = await client.send(new GetObjectCommand(parameters(ref)));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) yield Buffer.from(chunk); // on Node it is a Readable
}

/** JSON with whole numbers of any size: a bigint is written as its digits, which the reader's schema turns back. */
export async function writeJson(files: WorkingFiles, key: string, value: unknown): Promise<void> {
  const text = JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
  await writeText(files, key, text);
}

export const writeText = (files: WorkingFiles, key: string, text: string): Promise<void> =>
  writeObject(files, { bucket: files.workingBucket, key }, text);

export async function writeObject({ client }: Files, { bucket, key }: ObjectRef, text: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
}

/** @throws Error when there is no such file: an earlier step must have written it. */
export const readText = (files: WorkingFiles, key: string): Promise<string> =>
  readObject(files, { bucket: files.workingBucket, key });

export async function readObject({ client }: Files, ref: ObjectRef): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand(parameters(ref)));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  return Body.transformToString('utf-8');
}

export const readJson = async (files: WorkingFiles, key: string): Promise<unknown> =>
  JSON.parse(await readText(files, key));

/** S3 takes parts of 5 MiB and more. */
const partBytes = 8 * 1024 * 1024;

/**
 * Writes a stream of unknown length to the working bucket. An upload that is broken off leaves parts behind, which the
 * bucket's lifecycle rule removes.
 *
 * @returns the number of bytes
 */
export async function writeStream(
  { client, workingBucket }: WorkingFiles,
  key: string,
  chunks: AsyncIterable<Buffer>,
): Promise<number> {
  const target = { Bucket: workingBucket, Key: key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let size = 0;
  const flush = async () => {
    const PartNumber = parts.length + 1;
    const Body = Buffer.concat(pending);
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
    parts.push({ ETag, PartNumber });
    pending = [];
    pendingBytes = 0;
  };
  for await (const chunk of chunks) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    size += chunk.length;
    if (pendingBytes >= partBytes) await flush();
  }
  if (pendingBytes > 0 || parts.length === 0) await flush();
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }));
  return size;
}

/** Copies within S3, up to its limit of 5 GB for one call. */
export async function copyFile(
  { client }: Files,
  from: ObjectRef,
  to: ObjectRef & { readonly metadata: Record<string, string> },
): Promise<void> {
  const source = `${from.bucket}/${encodeURIComponent(from.key)}`;
  await client.send(
    new CopyObjectCommand({
      Bucket: to.bucket,
      Key: to.key,
      CopySource: from.versionId ? `${source}?versionId=${from.versionId}` : source,
      Metadata: to.metadata,
      MetadataDirective: 'REPLACE',
    }),
  );
}
