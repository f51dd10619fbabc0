import { S3Client } from '@aws-sdk/client-s3';
import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { systemClock } from '../../kernel/clock.ts';
import type { Reconciliation, StartExecution } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';
import { channels } from './channels.ts';
import { ledger } from './ledger.ts';

const table = /* @__PURE__ */ lazily(() => tableNamed('RECONCILIATION_TABLE'));
const paymentsTable = /* @__PURE__ */ lazily(() => tableNamed('PAYMENTS_TABLE'));
// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));
const stepFunctions = /* @__PURE__ */ lazily(() => new SFNClient({}));

/** Each part is built when it is first asked for, so a function needs the environment of what it does, not of all. */
export const reconciliation = /* @__PURE__ */ lazily(
  (): Reconciliation => ({
    clock: systemClock,
    startExecution,
    get formatNames() {
      return environmentValue('STATEMENT_FORMATS').split(',');
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

/** An execution of that name runs or has run: a repeated event. */
const startExecution: StartExecution = async ({ name, input }) => {
  const stateMachineArn = environmentValue('STATE_MACHINE_ARN');
  try {
    await stepFunctions().send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  }
};
