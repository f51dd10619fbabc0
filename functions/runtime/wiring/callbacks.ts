import { SQSClient } from '@aws-sdk/client-sqs';
import { type Callbacks, lookQueue } from '../../payments/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';
import { payments } from './payments.ts';

export const looks = /* @__PURE__ */ lazily(() => lookQueue(new SQSClient({}), environmentValue('LOOK_QUEUE_URL')));

export const callbacks = /* @__PURE__ */ lazily((): Callbacks => {
  const { table, commit, clock, timeZone, ledger, channels } = payments();
  return { table, commit, clock, timeZone, ledger, channels, looks: looks() };
});
