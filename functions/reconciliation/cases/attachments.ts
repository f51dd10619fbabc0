/** Papers of a case: each goes straight to S3, by a link that takes the bytes of one SHA-256 and no others. */
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '../../kernel/clock.ts';
import type { DifferenceId } from '../../kernel/ids.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { type CaseAttachment, putAttachment, readAttachment, readAttachments } from './case-notes-store.ts';

/** 10 MiB */
export const maximumAttachmentBytes = 10 * 1024 * 1024;
export const maximumAttachments = 50;

const linkSeconds = 15 * 60;

export interface AttachmentFiles {
  readonly table: Table;
  readonly clock: Clock;
  /** it signs the links: whoever holds one may do what the function may */
  readonly s3: S3Client;
  /** the statement bucket: what proves a case is kept as long as the statement, and as locked */
  readonly bucket: string;
}

export interface UploadLink {
  readonly url: string;
  /** to be sent along, or S3 refuses the bytes */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

const keyOf = (difference: DifferenceId, id: string): string => `attachments/${difference}/${id}`;

/** 2 read units, 1 write unit. A retry gets the same attachment with a new link. */
export async function addAttachment(
  files: AttachmentFiles,
  difference: DifferenceId,
  attachment: CaseAttachment,
): Promise<{ readonly attachment: CaseAttachment; readonly upload: UploadLink } | Refusal<'too_many_attachments'>> {
  const { table, clock, s3, bucket } = files;
  const others = (await readAttachments(table, difference)).filter(({ id }) => id !== attachment.id);
  if (others.length >= maximumAttachments) {
    return refuse('too_many_attachments', `A case has at most ${maximumAttachments} attachments.`);
  }
  await putAttachment(table, difference, attachment);
  const { size, sha256, contentType } = attachment;
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: keyOf(difference, attachment.id),
    ContentLength: size,
    ContentType: contentType,
    ChecksumSHA256: checksum,
  });
  const checksumHeader = 'x-amz-checksum-sha256';
  const headers = { 'content-type': contentType, 'content-length': `${size}`, [checksumHeader]: checksum };
  const url = await getSignedUrl(s3, command, {
    expiresIn: linkSeconds,
    // signed as headers: S3 takes no other bytes, and no more of them
    unhoistableHeaders: new Set([checksumHeader]),
    signableHeaders: new Set(['host', 'content-type', 'content-length', checksumHeader]),
  });
  return { attachment, upload: { url, headers, expiresAt: new Date(clock().getTime() + linkSeconds * 1_000) } };
}

/** @returns a link to fetch it by; `attachment_missing` while its bytes have not come */
export async function linkAttachment(
  { table, s3, bucket }: AttachmentFiles,
  difference: DifferenceId,
  id: string,
): Promise<string | Refusal<'not_found' | 'attachment_missing'>> {
  const attachment = await readAttachment(table, difference, id);
  if (!attachment) return refuse('not_found', 'The difference has no such attachment.');
  const object = { Bucket: bucket, Key: keyOf(difference, id) };
  if (!(await isThere(s3, object))) return refuse('attachment_missing', 'Its bytes have not come yet.');
  const fileName = encodeURIComponent(attachment.fileName);
  const command = new GetObjectCommand({
    ...object,
    // never shown by a browser in our name, whatever it claims to be
    ResponseContentType: 'application/octet-stream',
    ResponseContentDisposition: `attachment; filename*=UTF-8''${fileName}`,
    ResponseCacheControl: 'no-store',
  });
  return getSignedUrl(s3, command, { expiresIn: linkSeconds });
}

export interface ShownAttachment extends CaseAttachment {
  /** whether its bytes have come */
  readonly uploaded: boolean;
}

/** All that were announced. A read unit per about twenty of them, and a request to S3 for each. */
export async function showAttachments(
  { table, s3, bucket }: Pick<AttachmentFiles, 'table' | 's3' | 'bucket'>,
  difference: DifferenceId,
): Promise<readonly ShownAttachment[]> {
  const announced = await readAttachments(table, difference);
  return inLanes(announced, 10, async (attachment) => ({
    ...attachment,
    uploaded: await isThere(s3, { Bucket: bucket, Key: keyOf(difference, attachment.id) }),
  }));
}

async function isThere(s3: S3Client, object: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand(object));
    return true;
  } catch (error) {
    // without the right to list a bucket S3 answers 403 for what is not there
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode; // as the SDK throws it
    if (status === 404 || status === 403) return false;
    throw error;
  }
}
