import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { systemClock } from '../../kernel/clock.ts';
import type { BookFiles } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));

export const bookFiles = /* @__PURE__ */ lazily(
  (): BookFiles => ({
    table: tableNamed('LEDGER_TABLE'),
    clock: systemClock,
    signLink: ({ key, fileName, from, seconds }) =>
      getSignedUrl(
        s3(),
        new GetObjectCommand({
          Bucket: environmentValue('BOOKS_BUCKET'),
          Key: key,
          ResponseContentType: 'text/csv; charset=utf-8',
          ResponseContentDisposition: `attachment; filename="${fileName}"`,
        }),
        { expiresIn: seconds, signingDate: from },
      ),
  }),
);
