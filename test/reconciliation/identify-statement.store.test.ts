/** Identify on real buckets: statements as channels pack them, and what becomes of the rest. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from '@jest/globals';
import { putEntryWrite } from '../../functions/channels/configuration/configuration-store.ts';
import { type Channel, registerMerchantWrites, sandboxChannels } from '../../functions/channels/index.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { readBatch } from '../../functions/reconciliation/batch-store.ts';
import { formatOfRun } from '../../functions/reconciliation/delivered-formats.ts';
import { readJson, readObject } from '../../functions/reconciliation/files.ts';
import { frameSchema } from '../../functions/reconciliation/frame-file.ts';
import { identifyStatement } from '../../functions/reconciliation/identify-statement.ts';
import { receiveStatement } from '../../functions/reconciliation/receive-statement.ts';
import { reconciliationIdOf, seriesOf } from '../../functions/reconciliation/statement-key.ts';
import { createTable, engines } from '../support/engines.ts';
import { inGbk } from './formats/gbk.ts';
import { cityBank } from './profiles/example-files.ts';
import { type ZipContent, zipOf } from './reading/zip-file.ts';
import { csvFile, date, expectation, merchantNo, rowOf } from './sample-day.ts';

const name = `intake-${randomUUID()}`;
const client = new S3Client({ forcePathStyle: true });
const files = { client, workingBucket: name };
const statement = csvFile([1, 2, 3].map((number) => rowOf(expectation({ channelOrderNo: `O${number}` }))));
const channel: Channel = { ...(sandboxChannels[1] as Channel), statementFormats: ['sandbox-csv', 'profile:city-bank'] }; // there are three
const [engine] = engines;

let table: Table;
let channelsTable: Table;

beforeAll(async () => {
  if (!engine) throw new Error('no engine');
  table = await createTable(engine.client(), 'reconciliation');
  channelsTable = await createTable(engine.client(), 'channels');
  await client.send(new CreateBucketCommand({ Bucket: name }));
  const merchant = {
    channel: channel.id,
    merchantNo,
    institutionId: idFrom('inst', name),
    accountId: idFrom('acct', name),
    currency: 'CNY',
    priority: 1,
    status: 'active',
    registeredAt: new Date(),
  } as const;
  await commit(registerMerchantWrites({ table: channelsTable }, merchant));
  const profile = { kind: 'statement-profiles', id: 'city-bank', version: 1, value: cityBank.json } as const;
  await commit([putEntryWrite(channelsTable, { ...profile, changedBy: 'op', changedAt: '' }, undefined)]);
});

const sleepMs = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const commit = (writes: Parameters<ReturnType<typeof committer>>[0]) =>
  committer(channelsTable.client, { random: Math.random, sleepMs })(writes);

/** A file as it comes, received and looked into. */
async function identified(fileName: string, content: Buffer) {
  const key = `statements/${channel.id}/${merchantNo}/${date}/${fileName}`;
  await client.send(new PutObjectCommand({ Bucket: name, Key: key, Body: content }));
  let run: Parameters<typeof identifyStatement>[1] | undefined;
  const channels = { table: channelsTable, catalogue: async () => [channel] };
  const received = await receiveStatement(
    {
      table,
      commit,
      clock: () => new Date(),
      files,
      channels,
      startExecution: async ({ input }) => {
        const series = seriesOf(key);
        if ('unreadableKey' in series) throw new Error(key);
        run = { ...input, statement: series, reconciliationId: reconciliationIdOf(series, input.version) };
      },
    },
    { bucket: name, key, size: content.length },
  );
  if (!run) throw new Error(`${fileName}: ${received.outcome}`);
  const outcome = await identifyStatement(
    { table, files, channels, clock: () => new Date(), formatNames: ['sandbox-csv', 'wechat-tradebill'] },
    run,
  );
  return { outcome, batch: await readBatch(table, run.reconciliationId) };
}

const entry = (fileName: string, content: ZipContent['content']): ZipContent => ({ name: fileName, content });

test.each([
  ['plain', 'a.csv', Buffer.from(statement)],
  ['in UTF-16', 'wide.csv', Buffer.from(`\uFEFF${statement}`, 'utf16le')],
  ['in gzip', 'a.csv.gz', gzipSync(statement)],
  ['in a zip archive', 'a.zip', zipOf([entry('folder/a.csv', statement)])],
])('a statement that comes %s is read as what it holds', async (_, fileName, content) => {
  const { outcome, batch } = await identified(fileName, content);
  if ('rejection' in outcome) throw new Error(outcome.rejection.detail);
  expect(outcome.format).toBe('sandbox-csv');
  expect((await readObject(files, outcome.content)).replace('\uFEFF', '')).toBe(statement);
  expect(frameSchema.parse(await readJson(files, outcome.frameKey)).control.lines).toBe(3);
  const archive = { read: ['folder/a.csv'], passedOver: [] };
  expect(batch).toMatchObject({ format: 'sandbox-csv', ...(fileName === 'a.zip' && { archive }) });
});

test('a statement in a profile is read by the profile as it was then, whatever operators do to it meanwhile', async () => {
  const entry = { kind: 'statement-profiles', id: 'city-bank', changedBy: 'op', changedAt: '' } as const;
  await commit([putEntryWrite(channelsTable, { ...entry, version: 2, value: cityBank.json }, 1)]);
  const { outcome, batch } = await identified(
    'day.zip',
    zipOf([
      { name: inGbk('明细.csv'), content: cityBank.bytes },
      { name: inGbk('汇总.csv'), content: 'whatever' },
    ]),
  );
  if ('rejection' in outcome) throw new Error(outcome.rejection.detail);
  expect(outcome.format).toBe('profile:city-bank');
  expect(batch?.archive).toEqual({ read: ['明细.csv'], passedOver: ['汇总.csv'] });
  const other = { ...cityBank.json, covers: ['payout'] };
  await commit([putEntryWrite(channelsTable, { ...entry, version: 3, value: other }, 2)]);
  const format = await formatOfRun(files, {
    reconciliationId: batch?.id ?? idFrom('recon', 'none'),
    identified: outcome,
  });
  expect(format.covers).toEqual(['collection', 'refund', 'payout']);
});

test.each<[string, Buffer]>([
  ['empty_file', gzipSync('')],
  ['corrupt_gzip', gzipSync(`${statement}x`).subarray(0, -20)],
  ['corrupt_zip', zipOf([entry('a.csv', statement)]).subarray(0, -5)],
  ['corrupt_zip', zipOf([{ name: 'a.csv', content: statement, says: { checksum: 1 } }])],
  ['encrypted_archive', zipOf([{ name: 'a.csv', content: statement, flags: 1 }])],
  ['compression_bomb', zipOf([entry('a.csv', Buffer.alloc(8_000_000, 'kind,'))])],
  ['nested_archive', zipOf([entry('a.zip', zipOf([entry('a.csv', statement)]))])],
  ['nested_archive', gzipSync(zipOf([entry('a.csv', statement)]))],
  ['unrecognised_format', zipOf([entry('a.csv', statement), entry('read me.txt', 'hello')])],
  ['ambiguous_format', zipOf([entry('a.csv', statement), entry('b.csv', statement)])],
  ['wrong_merchant', zipOf([entry('a.csv', statement.replaceAll(merchantNo, '880002'))])],
  ['binary_file', Buffer.from([1, 2, 0, 3, 0, 0, 7])],
])('what can not be read is turned away as %s', async (reason, content) => {
  const { outcome } = await identified(randomUUID(), content);
  expect(outcome).toMatchObject({ rejection: { reason } });
});
