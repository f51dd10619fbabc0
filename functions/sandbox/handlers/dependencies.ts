/** Builds the sandbox's dependencies from the environment, once per cold start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../kernel/clock.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { secretReader } from '../../runtime/secret.ts';
import { commitWrites, lazily, tableNamed } from '../../runtime/wiring/base.ts';
import { callbackQueue } from '../callbacks/callback-queue.ts';
import { postCallback } from '../callbacks/post-callback.ts';
import type { DeliverFile } from '../control/write-statement.ts';
import { type OwnKeys, ownKeys } from '../messages/key-store.ts';
import type { Keyring } from '../messages/keys.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Gate } from './signed-operations.ts';

const table = lazily(() => tableNamed('SANDBOX_TABLE'));

export const keyring = lazily((): Keyring => {
  let own: Promise<OwnKeys> | undefined;
  return {
    table: table(),
    sharedSecret: secretReader(new SecretsManagerClient({}), environmentValue('SIGNATURE_SECRET_ARN')),
    ownKeys: () => {
      own ??= ownKeys({ table: table() }).catch((error: unknown) => {
        own = undefined;
        throw error;
      });
      return own;
    },
  };
});

const sendLater = lazily(() => callbackQueue(new SQSClient({}), environmentValue('CALLBACK_QUEUE_URL')));

export const sandbox = lazily(
  (): Sandbox => ({
    table: table(),
    commit: commitWrites(),
    clock: systemClock,
    sleepMs: sleep,
    callBack: (callback) => postCallback({ keyring: keyring(), clock: systemClock, sleepMs: sleep }, callback),
    callBackLater: (callback, delaySeconds) => sendLater()(callback, delaySeconds),
  }),
);

export const gate = lazily((): Gate => ({ keyring: keyring(), clock: systemClock, table: table() }));

export const deliverStatement = lazily((): DeliverFile => {
  // an emulator has no host name per bucket
  const client = new S3Client({ forcePathStyle: true });
  const bucket = environmentValue('STATEMENT_BUCKET');
  return async (key, bytes) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  };
});
