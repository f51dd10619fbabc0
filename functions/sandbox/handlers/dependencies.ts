/** Builds the sandbox's dependencies from the environment, once per cold start. */
import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../kernel/clock.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { secretReader } from '../../runtime/secret.ts';
import { commitWrites, lazily, tableNamed } from '../../runtime/wiring/base.ts';
import type { DeliverFile } from '../control/write-statement.ts';
import type { Sandbox } from '../sandbox.ts';
import type { Gate } from './signed-operations.ts';

export const sandbox = lazily(
  (): Sandbox => ({
    table: tableNamed('SANDBOX_TABLE'),
    commit: commitWrites(),
    clock: systemClock,
    sleepMs: sleep,
  }),
);

export const gate = lazily(
  (): Gate => ({
    secret: secretReader(new SecretsManagerClient({}), environmentValue('SIGNATURE_SECRET_ARN')),
    clock: systemClock,
    table: sandbox().table,
  }),
);

export const deliverStatement = lazily((): DeliverFile => {
  // an emulator has no host name per bucket
  const client = new S3Client({ forcePathStyle: true });
  const bucket = environmentValue('STATEMENT_BUCKET');
  return async (key, bytes) => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
  };
});
