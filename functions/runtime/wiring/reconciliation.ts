import { S3Client } from '@aws-sdk/client-s3';
import { systemClock } from '../../kernel/clock.ts';
import type { Reconciliation } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';
import { channels, statementFormatNames } from './channels.ts';
import { executions } from './executions.ts';
import { ledger } from './ledger.ts';

const table = /* @__PURE__ */ lazily(() => tableNamed('RECONCILIATION_TABLE'));
const paymentsTable = /* @__PURE__ */ lazily(() => tableNamed('PAYMENTS_TABLE'));
// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));

/** Each part is built when it is first asked for, so a function needs the environment of what it does, not of all. */
export const reconciliation = /* @__PURE__ */ lazily(
  (): Reconciliation => ({
    clock: systemClock,
    startExecution: executions.start,
    get formatNames() {
      return statementFormatNames();
    },
    get table() {
      return table();
    },
    get commit() {
      return commitWrites();
    },
    get files() {
      return {
        client: s3(),
        get workingBucket() {
          return environmentValue('WORKING_BUCKET');
        },
      };
    },
    get channels() {
      return channels();
    },
    get adapters() {
      return channels().adapters;
    },
    get ledger() {
      return ledger();
    },
    get payments() {
      return {
        clock: systemClock,
        get table() {
          return paymentsTable();
        },
        get ledger() {
          return ledger();
        },
        get commit() {
          return commitWrites();
        },
        get channels() {
          return { table: tableNamed('CHANNELS_TABLE') };
        },
        get timeZone() {
          return environmentValue('TIME_ZONE');
        },
      };
    },
  }),
);
