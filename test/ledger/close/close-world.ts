/** Books on a real engine whose days are closed by the workflow's own steps, one after the other. */
import { randomUUID } from 'node:crypto';
import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parse } from 'csv-parse/sync';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { fromItem, type Table, toItem } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { openBooks, readBusinessDate } from '../../../functions/ledger/business-date-store.ts';
import type { Close, CloseRun, Closing } from '../../../functions/ledger/close/close.ts';
import { concludeDay, type NextDay, nextDay, planOwners } from '../../../functions/ledger/close/close-day.ts';
import { ownerWorkSchema } from '../../../functions/ledger/close/close-lines.ts';
import { closeOwner } from '../../../functions/ledger/close/close-owner.ts';
import { closeShard } from '../../../functions/ledger/close/close-shard.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { createTable, type Engine } from '../../support/engines.ts';
import { ledgerOn } from '../ledger-on.ts';
import { accountId, noon, today } from '../samples.ts';

export interface CloseWorld {
  readonly ledger: Ledger;
  readonly closing: Closing;
  /** runs all steps until every day before `until` is closed */
  readonly closeUntil: (until: AccountingDate, run?: string) => Promise<Close[]>;
  readonly fileRows: (key: string) => Promise<Record<string, string>[]>;
  readonly readFile: (key: string) => Promise<string>;
}

/** @param calendarDay as the closing sees it */
export async function closeWorld(engine: Engine, calendarDay: () => AccountingDate): Promise<CloseWorld> {
  const client = engine.client();
  const table = await createTable(client, 'ledger', {
    indexes: [{ name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' }],
  });
  const businessDate = async () => (await readBusinessDate(table)) ?? openBooks(table, today);
  const pause = { random: Math.random, sleepMs: async () => undefined };
  const ledger = await ledgerOn(engine, {
    table,
    commit: committer(client, pause, 'answered'),
    businessDate,
    memory: headMemory(() => noon),
  });
  const s3 = new S3Client({ forcePathStyle: true });
  const bucket = `books-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const closing: Closing = {
    table,
    commit: committer(client, pause),
    clock: () => noon,
    calendarDay,
    files: { client: s3 },
    bucket,
    graceSeconds: 5,
    daysAhead: 1,
  };
  const readFile = async (key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  };
  return {
    ledger,
    closing,
    readFile,
    fileRows: async (key) => parse(await readFile(key), { columns: true }),
    closeUntil: async (until, run = 'run') => {
      const closes: Close[] = [];
      for (;;) {
        const { day, shards = [] } = await dueDay(closing, until);
        if (day === undefined) return closes;
        closes.push(await closeOneDay(closing, { day, run }, shards, readFile));
      }
    },
  };
}

/** The steps of one day; shards in any order. */
export async function closeOneDay(
  closing: Closing,
  run: CloseRun,
  shards: readonly number[],
  readFile: (key: string) => Promise<string>,
): Promise<Close> {
  for (const shard of [...shards].sort(() => Math.random() - 0.5)) await closeShard(closing, { ...run, shard });
  const { ownersKey } = await planOwners(closing, run);
  for (const work of ownerWorkSchema.array().parse(JSON.parse(await readFile(ownersKey)))) {
    await closeOwner(closing, run, work);
  }
  return concludeDay(closing, run);
}

/** @throws Error for a day that may not be opened */
export async function dueDay(closing: Closing, until?: AccountingDate): Promise<NextDay> {
  const next = await nextDay(closing, until);
  if (isRefusal(next)) throw new Error(next.detail);
  return next;
}

/** As if the index had not got an account's entry yet: of an account's movements the one at this place. */
export async function hideFromIndex(table: Table, name: string, place: number): Promise<void> {
  const { Items = [] } = await table.client.send(new ScanCommand({ TableName: table.name }));
  const moved = Items.map(fromItem)
    .filter((item) => item['pk'] === `ACCOUNT#${accountId(name)}#0` && item['day'] !== undefined)
    .sort((left, right) => (String(left['sk']) < String(right['sk']) ? -1 : 1));
  const { day: _, dayPlace: __, ...item } = moved[place - 1] ?? {};
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: toItem(item) }));
}
