import { S3Client } from '@aws-sdk/client-s3';
import { accountingDateAt, systemClock } from '../../kernel/clock.ts';
import type { Closing } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));

/** What a step does not need it has no environment for. */
export const closing = /* @__PURE__ */ lazily(
  (): Closing => ({
    table: tableNamed('LEDGER_TABLE'),
    commit: commitWrites(),
    clock: systemClock,
    calendarDay: () => accountingDateAt(systemClock(), environmentValue('TIME_ZONE')),
    files: {
      get client() {
        return s3();
      },
    },
    get bucket() {
      return environmentValue('BOOKS_BUCKET');
    },
    get graceSeconds() {
      return Number(environmentValue('CLOSE_GRACE_SECONDS'));
    },
    get daysAhead() {
      return Number(environmentValue('CLOSE_AHEAD_DAYS'));
    },
  }),
);
