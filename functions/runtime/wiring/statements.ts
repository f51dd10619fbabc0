import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../kernel/clock.ts';
import type { StatementFiles, StatementSource } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

export const statementSource = /* @__PURE__ */ lazily(
  (): StatementSource => ({ table: tableNamed('LEDGER_TABLE'), timeZone: environmentValue('TIME_ZONE') }),
);

export const statementFiles = /* @__PURE__ */ lazily(
  (): StatementFiles => ({
    // an emulator has no host name for each bucket, and S3 itself serves both ways
    client: new S3Client({ forcePathStyle: true }),
    bucket: environmentValue('STATEMENT_FILES_BUCKET'),
    inlineBytes: Number(environmentValue('STATEMENT_INLINE_BYTES')),
    clock: systemClock,
  }),
);
