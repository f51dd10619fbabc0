import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectRef } from '../../kernel/files.ts';
import { lazily } from './base.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));

const linkSeconds = 15 * 60;

/** An address under which whoever knows it may fetch a gzipped CSV file for a while; clients unpack it as they load it. */
export const linkToReport = ({ bucket, key }: ObjectRef, fileName: string): Promise<string> =>
  getSignedUrl(
    s3(),
    new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ResponseContentType: 'text/csv; charset=utf-8',
      ResponseContentEncoding: 'gzip',
      ResponseContentDisposition: `attachment; filename="${fileName}"`,
      ResponseCacheControl: 'no-store',
    }),
    { expiresIn: linkSeconds },
  );
