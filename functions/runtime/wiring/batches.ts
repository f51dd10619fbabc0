import { SQSClient } from '@aws-sdk/client-sqs';
import { type Batches, batchQueue } from '../../payments/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';
import { payments } from './payments.ts';

export const batchMessages = /* @__PURE__ */ lazily(() =>
  batchQueue(new SQSClient({}), environmentValue('BATCH_QUEUE_URL')),
);

export const batches = /* @__PURE__ */ lazily((): Batches => ({ ...payments(), batchQueue: batchMessages() }));
