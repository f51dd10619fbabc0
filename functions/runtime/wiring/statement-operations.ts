import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type StatementOperations, startRequestQueue } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';
import { executions } from './executions.ts';
import { reconciliation } from './reconciliation.ts';

// an emulator has no host name for each bucket, and S3 itself serves both ways
const s3 = /* @__PURE__ */ lazily(() => new S3Client({ forcePathStyle: true }));
const requests = /* @__PURE__ */ lazily(() =>
  startRequestQueue(new SQSClient({}), environmentValue('START_REQUEST_QUEUE_URL')),
);

/** Each part is built when it is first asked for, so a function needs the environment of what it does, not of all. */
export const statementOperations = /* @__PURE__ */ lazily(
  (): StatementOperations => ({
    executions,
    get clock() {
      return reconciliation().clock;
    },
    get table() {
      return reconciliation().table;
    },
    get commit() {
      return reconciliation().commit;
    },
    get channels() {
      return reconciliation().channels;
    },
    get bucket() {
      return { client: s3(), name: environmentValue('STATEMENT_BUCKET') };
    },
    get startRequests() {
      return requests();
    },
  }),
);
