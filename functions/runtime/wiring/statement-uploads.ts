import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { UploadLink, UploadNeeds } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';
import { reconciliation } from './reconciliation.ts';

const s3 = /* @__PURE__ */ lazily(
  () =>
    new S3Client({
      // an emulator has no host name for each bucket, and S3 itself serves both ways
      forcePathStyle: true,
      // of its own accord the client would sign a checksum of the empty body that it sees
      requestChecksumCalculation: 'WHEN_REQUIRED',
    }),
);

/** Both headers are signed: S3 takes no other content, and no more bytes. */
const linkTo: UploadLink = async ({ key, size, sha256, seconds }) => {
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({
    Bucket: environmentValue('STATEMENT_BUCKET'),
    Key: key,
    ContentLength: size,
    ChecksumSHA256: checksum,
  });
  const header = 'x-amz-checksum-sha256';
  const url = await getSignedUrl(s3(), command, {
    expiresIn: seconds,
    // in the query it would say nothing about what is sent
    unhoistableHeaders: new Set([header]),
    signableHeaders: new Set(['host', 'content-length', header]),
  });
  return { url, headers: { [header]: checksum, 'content-length': `${size}` } };
};

export const statementUploads = /* @__PURE__ */ lazily((): UploadNeeds => {
  const { table, clock, channels } = reconciliation();
  return { table, clock, channels, linkTo };
});
