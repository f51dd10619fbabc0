/** The few S3 calls that contexts make. Large files pass in pieces; nothing keeps a whole one in memory. */
import { createHash } from 'node:crypto';
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

export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
}

/** From the byte `start` up to but without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
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
  const bytes = bufferOf(await Body.transformToByteArray());
  // a server may answer a range with the whole (RFC 9110, 14.2), as an emulator does for a version
  const part = ContentRange === undefined ? bytes.subarray(start, end) : bytes;
  if (part.length !== end - start) throw new Error(`${ref.key}: ${part.length} of ${end - start} bytes came`);
  return part;
}

/** The same bytes, not a copy of them. */
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

export async function* streamFile({ client }: Files, ref: ObjectRef): AsyncGenerator<Buffer> {
  const { Body } = await client.send(new GetObjectCommand(parameters(ref)));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) yield bufferOf(chunk); // on Node it is a Readable
}

/** As much of a long range as is held in memory at once. */
const rangeBytes = 4 * 1024 * 1024;

/** A part of a file, in pieces. */
export async function* streamRange(files: Files, ref: ObjectRef, { start, end }: ByteRange): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += rangeBytes) yield readRange(files, ref, at, Math.min(at + rangeBytes, end));
}

/** A part of a file by one call, in pieces as they come from the network. */
export async function* streamPart(
  { client }: Files,
  ref: ObjectRef,
  { start, end }: ByteRange,
): AsyncGenerator<Buffer> {
  if (end <= start) return;
  const range = { ...parameters(ref), Range: `bytes=${start}-${end - 1}` };
  const { Body, ContentRange } = await client.send(new GetObjectCommand(range));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  // a server may answer a range with the whole, as in `readRange`
  let at = ContentRange === undefined ? 0 : start;
  for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) {
    const bytes = bufferOf(chunk); // on Node it is a Readable
    const wanted = bytes.subarray(Math.max(0, start - at), Math.max(0, end - at));
    if (wanted.length > 0) yield wanted;
    at += bytes.length;
    if (at >= end) return;
  }
  throw new Error(`${ref.key}: ${at - start} of ${end - start} bytes came`);
}

/** The lines of a text in UTF-8, without their ends. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

export async function writeObject(
  { client }: Files,
  { bucket, key }: ObjectRef,
  content: string | Uint8Array,
): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: content }));
}

export async function readObject({ client }: Files, ref: ObjectRef): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand(parameters(ref)));
  if (!Body) throw new Error(`${ref.key} came without a body`);
  return Body.transformToString('utf-8');
}

/** S3 takes parts of 5 MiB and more, and 10 000 of them. */
const partBytes = 8 * 1024 * 1024;

export interface WrittenFile {
  readonly bytes: number;
  /** lower-case hex */
  readonly sha256: string;
}

/** A file of unknown length in the making. A part of 8 MiB at most is held in memory. */
export interface Upload {
  readonly write: (chunk: string | Buffer) => Promise<void>;
  /** bytes so far */
  readonly position: () => number;
  /** Only now the file is there, as a whole. */
  readonly finish: () => Promise<WrittenFile>;
}

/**
 * A small file takes one call, a larger one a call for each part and two more. An upload that is broken off leaves parts
 * behind, which the bucket's lifecycle rule removes.
 */
export function startUpload({ client }: Files, { bucket, key }: ObjectRef): Upload {
  const target = { Bucket: bucket, Key: key };
  const hash = createHash('sha256');
  const parts: { ETag: string | undefined; PartNumber: number }[] = [];
  let uploadId: string | undefined;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let bytes = 0;
  const takePending = () => {
    const part = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    return part;
  };
  const sendPart = async () => {
    uploadId ??= (await client.send(new CreateMultipartUploadCommand(target))).UploadId;
    const part = { ...target, UploadId: uploadId, PartNumber: parts.length + 1 };
    const { ETag } = await client.send(new UploadPartCommand({ ...part, Body: takePending() }));
    parts.push({ ETag, PartNumber: part.PartNumber });
  };
  return {
    write: async (chunk) => {
      const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(buffer);
      pending.push(buffer);
      pendingBytes += buffer.length;
      bytes += buffer.length;
      if (pendingBytes >= partBytes) await sendPart();
    },
    position: () => bytes,
    finish: async () => {
      if (uploadId === undefined) {
        await client.send(new PutObjectCommand({ ...target, Body: takePending() }));
      } else {
        if (pendingBytes > 0) await sendPart();
        const all = { ...target, UploadId: uploadId, MultipartUpload: { Parts: parts } };
        await client.send(new CompleteMultipartUploadCommand(all));
      }
      return { bytes, sha256: hash.digest('hex') };
    },
  };
}

/** Writes a stream of unknown length. */
export async function writeChunks(files: Files, ref: ObjectRef, chunks: AsyncIterable<Buffer>): Promise<WrittenFile> {
  const upload = startUpload(files, ref);
  for await (const chunk of chunks) await upload.write(chunk);
  return upload.finish();
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
