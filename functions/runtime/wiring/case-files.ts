import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { systemClock } from '../../kernel/clock.ts';
import type { ObjectRef } from '../../kernel/files.ts';
import type { AttachmentFiles } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(
  () => new S3Client({ forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' }),
);

export const attachmentFiles = /* @__PURE__ */ lazily(
  (): AttachmentFiles => ({
    table: tableNamed('RECONCILIATION_TABLE'),
    clock: systemClock,
    s3: s3(),
    bucket: environmentValue('STATEMENT_BUCKET'),
  }),
);

const linkSeconds = 15 * 60;

/** That very version: a later one may stand over it. */
export const linkProof = ({ bucket, key, versionId }: ObjectRef, fileName: string): Promise<string> =>
  getSignedUrl(
    s3(),
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
      ResponseContentType: 'application/json',
      ResponseContentDisposition: `attachment; filename="${fileName}"`,
      ResponseCacheControl: 'no-store',
    }),
    { expiresIn: linkSeconds },
  );
