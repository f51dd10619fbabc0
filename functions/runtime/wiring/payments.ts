import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../kernel/clock.ts';
import { followUpQueue, followUpSchedule, type Payments } from '../../payments/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';
import { channels } from './channels.ts';
import { ledger } from './ledger.ts';
import { parties } from './parties.ts';

const followUps = /* @__PURE__ */ lazily(() =>
  followUpQueue(new SQSClient({}), environmentValue('FOLLOW_UP_QUEUE_URL')),
);
const table = /* @__PURE__ */ lazily(() => tableNamed('PAYMENTS_TABLE'));

/** Each neighbour is built when it is first asked for, so a function needs the environment of what it does, not of all. */
export const payments = /* @__PURE__ */ lazily(
  (): Payments => ({
    clock: systemClock,
    schedule: followUpSchedule,
    timeZone: environmentValue('TIME_ZONE'),
    callbackUrlOf: (channel) => `${environmentValue('CALLBACK_BASE_URL')}/v1/channels/${channel}/callbacks`,
    get commit() {
      return commitWrites();
    },
    get table() {
      return table();
    },
    get ledger() {
      return ledger();
    },
    get channels() {
      return channels();
    },
    get parties() {
      return parties();
    },
    get followUps() {
      return followUps();
    },
  }),
);
