/** Files that lie in a real bucket and of which nobody has told. */
import { randomInt, randomUUID } from 'node:crypto';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { channelIdSchema, registerMerchantWrites } from '../../../functions/channels/index.ts';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { backFillMonth } from '../../../functions/reconciliation/operations/back-fill-month.ts';
import type { Executions } from '../../../functions/reconciliation/operations/executions.ts';
import type { StartRequest } from '../../../functions/reconciliation/operations/start-request.ts';
import { startStatement } from '../../../functions/reconciliation/operations/start-statement.ts';
import { receiveStatement } from '../../../functions/reconciliation/receive-statement.ts';
import { registerUpload } from '../../../functions/reconciliation/uploads/register-upload.ts';
import { createTable, engines } from '../../support/engines.ts';

const name = `lying-${randomUUID()}`;
const client = new S3Client({ forcePathStyle: true });
const [engine] = engines;
const firstDay = '2026-02-01' as AccountingDate; // a real day

describe('files of which no event told', () => {
  let operations: Parameters<typeof startStatement>[0];
  const requests: StartRequest[] = [];

  beforeAll(async () => {
    if (!engine) throw new Error('no engine');
    const table = await createTable(engine.client(), 'reconciliation');
    await client.send(new CreateBucketCommand({ Bucket: name }));
    const executions: Executions = {
      start: async () => undefined,
      stop: async () => undefined,
      redrive: async () => 'impossible',
      stateOf: async () => 'running',
      lastEntered: async () => undefined,
    };
    operations = {
      table,
      commit: committer(table.client, { random: Math.random, sleepMs: async () => {} }),
      clock: () => new Date('2026-03-01T00:00:00Z'),
      channels: { table: await createTable(engine.client(), 'channels'), catalogue: async () => [] },
      executions,
      bucket: { client, name },
      startRequests: {
        send: async (request) => {
          requests.push(request);
        },
      },
    };
  });

  const open = async () => {
    const merchantNo = `19${randomInt(1e9)}`;
    await operations.commit([
      ...registerMerchantWrites(operations.channels, {
        channel: channelIdSchema.parse('bank'),
        merchantNo,
        accountId: idFrom('acct', merchantNo),
        institutionId: idFrom('inst', merchantNo),
        currency: 'CNY',
        priority: 1,
        status: 'active',
        registeredAt: new Date('2026-01-01T00:00:00Z'),
      }),
    ]);
    requests.length = 0;
    const keyOf = (day: number, file: string) =>
      `statements/bank/${merchantNo}/2026-02-${`${day}`.padStart(2, '0')}/${file}`;
    return {
      merchantNo,
      keyOf,
      drop: async (day: number, file: string) => {
        const [Key, Body] = [keyOf(day, file), `${day} ${file}`];
        await client.send(new PutObjectCommand({ Bucket: name, Key, Body }));
        return { bucket: name, key: Key, size: Body.length };
      },
    };
  };
  const receive = (object: StartRequest | Awaited<ReturnType<Awaited<ReturnType<typeof open>>['drop']>>) =>
    receiveStatement(
      { ...operations, files: { client, workingBucket: name }, startExecution: operations.executions.start },
      object,
    );
  const by = 'operator:olga' as const;

  test('are queued for a month in the order of days, the newest of each day, unless it is a version already', async () => {
    const bank = await open();
    await receive(await bank.drop(3, 'known.csv'));
    for (const day of [20, 7, 11]) await bank.drop(day, 'day.csv');
    // S3 tells times to the second
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await bank.drop(11, 'corrected.csv');

    const days = await backFillMonth(operations, { channel: 'bank', merchantNo: bank.merchantNo, firstDay, by });
    const files = Array.isArray(days) ? days.filter(({ outcome }) => outcome !== 'no_file') : [];
    expect(Array.isArray(days) && days.length).toBe(28);
    expect(files.map(({ date, outcome }) => `${date} ${outcome}`)).toEqual([
      '2026-02-03 known',
      '2026-02-07 queued',
      '2026-02-11 queued',
      '2026-02-20 queued',
    ]);
    const queued = [bank.keyOf(7, 'day.csv'), bank.keyOf(11, 'corrected.csv'), bank.keyOf(20, 'day.csv')];
    expect(requests.map(({ key }) => key)).toEqual(queued);

    // each becomes a version once, however often its message comes
    for (const request of [...requests, ...requests]) await receive(request);
    requests.length = 0;
    await backFillMonth(operations, { channel: 'bank', merchantNo: bank.merchantNo, firstDay, by });
    expect(requests).toEqual([]);
  });

  test('are started one by one, by their key or as the newest of their day', async () => {
    const bank = await open();
    await bank.drop(5, 'day.csv');
    const day = { channel: 'bank', merchantNo: bank.merchantNo, date: '2026-02-05' as AccountingDate };
    expect(await startStatement(operations, { wanted: day, by })).toMatchObject({
      outcome: 'queued',
      executionName: `bank-${bank.merchantNo}-2026-02-05-v1`,
    });
    const [request] = requests;
    if (!request) throw new Error('nothing was queued');
    await receive(request);
    const key = bank.keyOf(5, 'day.csv');
    expect(await startStatement(operations, { wanted: { key }, by })).toMatchObject({ outcome: 'running' });
    const nothing = { ...day, date: '2026-02-06' as AccountingDate };
    expect(await startStatement(operations, { wanted: nothing, by })).toMatchObject({ refused: 'no_statement_file' });
  });

  test('of a merchant number that is not registered are not looked for, and the field that names it is told', async () => {
    const day = { channel: 'bank', merchantNo: 'unknown', date: firstDay };
    requests.length = 0;
    const told = (field: string) => ({ refused: 'unknown_merchant', errors: [{ field }] });
    expect(await startStatement(operations, { wanted: day, by })).toMatchObject(told('body.merchantNo'));
    const key = `statements/bank/unknown/${firstDay}/day.csv`;
    expect(await startStatement(operations, { wanted: { key }, by })).toMatchObject(told('body.key'));
    expect(await backFillMonth(operations, { ...day, firstDay, by })).toMatchObject(told('body.merchantNo'));
    const needs = { ...operations, linkTo: async () => ({ url: '', headers: {} }) };
    const file = { fileName: 'day.csv', size: 1, sha256: '0'.repeat(64) };
    expect(await registerUpload(needs, { ...file, day, by })).toMatchObject(told('body.merchantNo'));
    expect(requests).toEqual([]);
  });
});
