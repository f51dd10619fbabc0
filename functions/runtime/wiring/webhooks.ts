import { randomBytes } from 'node:crypto';
import { KMSClient } from '@aws-sdk/client-kms';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../kernel/clock.ts';
import {
  deliverySchedule,
  type EndpointKeeping,
  kmsSecretBox,
  newWebhookSecret,
  type ReceiverRules,
  rememberingOpener,
  turnQueue,
  type Webhooks,
  webhookPoster,
} from '../../webhooks/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';

const table = /* @__PURE__ */ lazily(() => tableNamed('WEBHOOKS_TABLE'));
const turns = /* @__PURE__ */ lazily(() => turnQueue(new SQSClient({}), environmentValue('TURN_QUEUE_URL')));
const secretBox = /* @__PURE__ */ lazily(() =>
  kmsSecretBox({ kms: new KMSClient({}), keyId: environmentValue('WEBHOOK_SECRET_KEY_ARN') }),
);
const openSecret = /* @__PURE__ */ lazily(() => rememberingOpener(secretBox().open));
const receivers = /* @__PURE__ */ lazily(
  (): ReceiverRules => ({ onThisMachine: environmentValue('LOCAL_RECEIVERS') === 'allowed' }),
);
const post = /* @__PURE__ */ lazily(() => webhookPoster(receivers(), () => performance.now()));

/** Each part is built when it is first asked for, so a function needs the environment of what it does, not of all. */
export const webhooks = /* @__PURE__ */ lazily(
  (): Webhooks => ({
    clock: systemClock,
    random: Math.random,
    schedule: deliverySchedule,
    get table() {
      return table();
    },
    get commit() {
      return commitWrites();
    },
    get turns() {
      return turns();
    },
    get post() {
      return post();
    },
    get openSecret() {
      return openSecret();
    },
  }),
);

export const endpointKeeping = /* @__PURE__ */ lazily(
  (): EndpointKeeping => ({
    clock: systemClock,
    newSecret: () => newWebhookSecret(randomBytes),
    get table() {
      return table();
    },
    get sealSecret() {
      return secretBox().seal;
    },
    get receivers() {
      return receivers();
    },
  }),
);
