import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../kernel/clock.ts';
import type { HandedFiles } from '../../kernel/hand-over-file.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';

/** Files that are handed to callers, the large ones through a bucket. */
export const handedFiles = /* @__PURE__ */ lazily(
  (): HandedFiles => ({
    // an emulator has no host name for each bucket, and S3 itself serves both ways
    client: new S3Client({ forcePathStyle: true }),
    bucket: environmentValue('STATEMENT_FILES_BUCKET'),
    inlineBytes: Number(environmentValue('STATEMENT_INLINE_BYTES')),
    clock: systemClock,
  }),
);
