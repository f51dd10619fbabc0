import { PutItemCommand, QueryCommand, TransactWriteItemsCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { laggingIndexes } from '../../../local/simulation/lagging-indexes.ts';
import { documentedLimits, limitedStore } from '../../../local/simulation/limits.ts';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import { Scheduler } from '../../../local/simulation/scheduler.ts';

const TableName = 'busy';
const byDay = { name: 'by-day', partitionKey: 'day', sortKey: 'sk' };
const put = (pk: string, sk: string, more: Record<string, { S: string }> = {}) => ({
  TableName,
  Item: { pk: { S: pk }, sk: { S: sk }, ...more },
});

/** How many of so many writes a second pass, over four seconds. */
async function passed(perSecond: number, request: (at: number) => PutItemCommand | TransactWriteItemsCommand) {
  const scheduler = new Scheduler({ seed: 1 });
  const store = limitedStore(createMemoryStore([{ name: TableName, indexes: [byDay] }]), scheduler);
  const refusals = new Map<string, number>();
  let done = 0;
  for (let at = 0; at < perSecond * 4; at++) {
    scheduler.start(`writer ${at}`, async (self) => {
      await self.sleepMs((at * 1000) / perSecond);
      try {
        await store.send(request(at) as PutItemCommand); // no overload of `send` takes both
        done += 1;
      } catch (error) {
        const name = error instanceof Error ? error.name : 'unknown';
        refusals.set(name, (refusals.get(name) ?? 0) + 1);
      }
    });
  }
  await scheduler.run();
  return { perSecond: done / 4, refusals: Object.fromEntries(refusals) };
}

describe('a partition key', () => {
  test('takes 1 000 write units a second, with one second in hand', async () => {
    const { perSecond, refusals } = await passed(1500, (at) => new PutItemCommand(put('A', `${at}`)));
    expect(perSecond).toBeGreaterThanOrEqual(1240);
    expect(perSecond).toBeLessThanOrEqual(1250);
    expect(Object.keys(refusals)).toEqual(['ThrottlingException']);
  });

  test('takes half as many in transactions, which are cancelled beyond', async () => {
    const { perSecond, refusals } = await passed(
      800,
      (at) => new TransactWriteItemsCommand({ TransactItems: [{ Put: put('A', `${at}`) }] }),
    );
    expect(perSecond).toBeGreaterThanOrEqual(620);
    expect(perSecond).toBeLessThanOrEqual(625);
    expect(Object.keys(refusals)).toEqual(['TransactionCanceledException']);
  });

  test('leaves the others alone', async () => {
    const { perSecond } = await passed(1500, (at) => new PutItemCommand(put(`${at % 2}`, `${at}`)));
    expect(perSecond).toBe(1500);
  });

  test('of an index throttles the writes of a table that is spread well', async () => {
    const { perSecond } = await passed(
      1500,
      (at) => new PutItemCommand(put(`${at}`, `${at}`, { day: { S: '2026-01-01' } })),
    );
    expect(perSecond).toBeLessThanOrEqual(1250);
  });
});

describe('a transaction', () => {
  const transaction = (...keys: readonly string[]) =>
    new TransactWriteItemsCommand({ TransactItems: keys.map((sk) => ({ Put: put('A', sk) })) });

  test('on the item of another one is cancelled, and names the item', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    const store = limitedStore(createMemoryStore([{ name: TableName }]), scheduler);
    const first = scheduler.start('first', () => store.send(transaction('1', '2')));
    const second = scheduler.start('second', async (self) => {
      await self.sleepMs(1);
      return store.send(transaction('3', '2'));
    });
    const third = scheduler.start('third', async (self) => {
      await self.sleepMs(documentedLimits.transactionMs[1]);
      return store.send(transaction('2'));
    });
    const single = scheduler.start('single', async (self) => {
      await self.sleepMs(1);
      return store.send(
        new UpdateItemCommand({
          TableName,
          Key: { pk: { S: 'A' }, sk: { S: '1' } },
          UpdateExpression: 'REMOVE amount',
        }),
      );
    });
    await scheduler.run();
    expect(first.outcome()?.status).toBe('returned');
    expect(second.outcome()).toMatchObject({
      status: 'threw',
      error: {
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
      },
    });
    expect(third.outcome()?.status).toBe('returned');
    expect(single.outcome()).toMatchObject({ status: 'threw', error: { name: 'TransactionConflictException' } });
  });
});

test('an index follows its table after a while, in the order of the writes', async () => {
  const scheduler = new Scheduler({ seed: 1 });
  const store = createMemoryStore([{ name: TableName, indexes: [byDay] }], {
    index: laggingIndexes(scheduler, [5, 50]),
  });
  const days = async () => {
    const seen: string[] = [];
    for (const day of ['1', '2', '3']) {
      const { Count: count } = await store.send(
        new QueryCommand({
          TableName,
          IndexName: byDay.name,
          KeyConditionExpression: '#day = :day',
          ExpressionAttributeNames: { '#day': 'day' },
          ExpressionAttributeValues: { ':day': { S: day } },
        }),
      );
      if (count) seen.push(day);
    }
    return seen.join();
  };
  const reader = scheduler.start('reader', async (self) => {
    for (const day of ['1', '2', '3']) await store.send(new PutItemCommand(put('A', '1', { day: { S: day } })));
    const seen = [await days()];
    for (let at = 0; at < 50; at++) {
      await self.sleepMs(1);
      const now = await days();
      if (seen.at(-1) !== now) seen.push(now);
    }
    return seen;
  });
  await scheduler.run();
  expect(reader.outcome()).toEqual({ status: 'returned', value: ['', '1', '2', '3'] });
});
