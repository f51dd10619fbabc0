/** The one place that knows all that the books are held against. */
import { S3Client } from '@aws-sdk/client-s3';
import { readObject, writeObject } from '../../kernel/files.ts';
import type { AuditTables } from '../../ledger/index.ts';
import { checkVerifications } from '../../parties/index.ts';
import { checkPayments } from '../../payments/index.ts';
import { checkSuspense } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const client = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));

const objectAt = (key: string) => ({ bucket: environmentValue('AUDIT_BUCKET'), key });

export const audit = /* @__PURE__ */ lazily(
  (): AuditTables => ({
    ledger: tableNamed('LEDGER_TABLE'),
    sources: [
      checkPayments({ table: tableNamed('PAYMENTS_TABLE') }),
      checkVerifications({ table: tableNamed('PARTIES_TABLE') }),
      checkSuspense({ table: tableNamed('RECONCILIATION_TABLE') }),
    ],
    files: {
      write: (key, text) => writeObject({ client: client() }, objectAt(key), text),
      read: (key) => readObject({ client: client() }, objectAt(key)),
    },
  }),
);
