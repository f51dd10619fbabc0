/** Hands a file over: a small one in the answer itself, a larger one through S3. */
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from './clock.ts';
import { startUpload } from './files.ts';
import { type Refusal, refuse } from './refusal.ts';

export interface HandedFiles {
  readonly client: S3Client;
  /** private; what is in it is forgotten after a day */
  readonly bucket: string;
  /** a file of more bytes goes through S3 */
  readonly inlineBytes: number;
  readonly clock: Clock;
}

export interface HandedFile {
  /** as the caller saves it */
  readonly name: string;
  /** where it stands in the bucket: another place for each request */
  readonly key: string;
  readonly pieces: AsyncIterable<string>;
  /** CSV unless given */
  readonly contentType?: string;
  /** when the function must come to an end, since its caller's connection does */
  readonly deadline: Date;
}

export type HandedOver = { readonly text: string } | { readonly url: string };

const linkSeconds = 15 * 60;

/**
 * Takes a file's pieces as they come and holds 8 MiB of them at most. There is no file before its last piece has come: an
 * error and the deadline leave none behind.
 */
export async function handOver(
  files: HandedFiles,
  { name, key, pieces, deadline, contentType = 'text/csv; charset=utf-8' }: HandedFile,
): Promise<HandedOver | Refusal<'file_too_long'>> {
  const object = { bucket: files.bucket, key };
  const held: string[] = [];
  let bytes = 0;
  let upload: ReturnType<typeof startUpload> | undefined;
  for await (const piece of pieces) {
    if (files.clock() >= deadline) {
      return refuse('file_too_long', 'The file takes longer than an answer may: narrow it by from and to.');
    }
    bytes += Buffer.byteLength(piece);
    if (bytes <= files.inlineBytes) {
      held.push(piece);
    } else {
      upload ??= startUpload(files, object);
      for (const earlier of held.splice(0)) await upload.write(earlier);
      await upload.write(piece);
    }
  }
  if (!upload) return { text: held.join('') };
  await upload.finish();
  return { url: await linkTo(files, { key, name, contentType }) };
}

/** Whoever holds the link may load the file until it expires. */
const linkTo = (
  { client, bucket }: HandedFiles,
  { key, name, contentType }: Required<Pick<HandedFile, 'key' | 'name' | 'contentType'>>,
): Promise<string> =>
  getSignedUrl(
    client,
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ResponseContentType: contentType,
      ResponseContentDisposition: `attachment; filename="${name}"`,
      ResponseCacheControl: 'no-store',
    }),
    { expiresIn: linkSeconds },
  );
