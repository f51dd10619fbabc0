import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import {
  type Fate,
  type Faults,
  misbehavingStore,
  noFaults,
  roughFaults,
} from '../../../local/simulation/misbehaviour.ts';
import { type Outcome, Scheduler } from '../../../local/simulation/scheduler.ts';
import { conflictingStore } from '../../../local/simulation/transaction-conflicts.ts';
import { addOne, countOf, definition } from './counter.ts';

const put = () =>
  new PutItemCommand({
    TableName: definition.name,
    Item: { pk: { S: 'A' }, sk: { S: '1' } },
    ConditionExpression: 'attribute_not_exists(pk)',
  });

/** One process sends one request, the first attempt of which meets a fate; all later ones are left alone. */
async function meet(
  fate: Fate,
  faults: Faults = noFaults,
): Promise<{ outcome: unknown; stored: number; atMs: number }> {
  const scheduler = new Scheduler({ seed: 1 });
  const store = createMemoryStore([definition]);
  const shares: Partial<Record<Fate, number>> = { [fate]: 1 };
  const sender = scheduler.start('sender', async (self) => {
    const client = misbehavingStore(store, scheduler, self, { ...faults, shares });
    await scheduler.after(0, () => {}); // the fate of the first attempt is drawn within `send`
    const answer = client.send(put());
    delete shares[fate];
    await answer;
  });
  await scheduler.run();
  const outcome: Outcome<void> | undefined = sender.outcome();
  const word = outcome?.status === 'threw' && outcome.error instanceof Error ? outcome.error.name : outcome?.status;
  return { outcome: word, stored: [...store.items(definition.name)].length, atMs: scheduler.elapsedMs() };
}

describe('a write that meets a fate', () => {
  test.each<[Fate, string, number]>([
    ['crash_before', 'killed', 0],
    ['crash_after', 'killed', 1],
    ['answer_lost', 'ConditionalCheckFailedException', 1],
    ['answer_abandoned', 'AbortError', 1],
    ['arrives_late', 'AbortError', 1],
    ['throttled', 'returned', 1],
    ['error_before', 'returned', 1],
    ['error_after', 'ConditionalCheckFailedException', 1],
  ])('%s: the process %s, and %i items are stored', async (fate, outcome, stored) => {
    expect(await meet(fate)).toMatchObject({ outcome, stored });
  });

  test('throttled each time is thrown in the end, after the pauses of the SDK', async () => {
    const scheduler = new Scheduler({ seed: 1 });
    const store = createMemoryStore([definition]);
    const sender = scheduler.start('sender', (self) =>
      misbehavingStore(store, scheduler, self, { ...noFaults, shares: { throttled: 1 } }).send(put()),
    );
    await scheduler.run();
    expect(sender.outcome()).toMatchObject({ status: 'threw', error: { name: 'ThrottlingException' } });
    expect(scheduler.history().filter((line) => line.endsWith('throttled'))).toHaveLength(noFaults.sdk.attempts);
    expect(scheduler.elapsedMs()).toBeGreaterThan(100);
  });
});

/** Four processes, each with a successor for as long as it dies, add twelve times. */
async function count(seed: number, faults: Faults) {
  const scheduler = new Scheduler({ seed });
  const store = createMemoryStore([definition], { now: scheduler.now });
  const service = conflictingStore(store, scheduler, { requestMs: [2, 6], transactionMs: [4, 10] });
  const work = async (worker: number) => {
    for (let life = 0; ; life++) {
      const process = scheduler.start(`worker ${worker}, life ${life}`, async (self) => {
        const client = misbehavingStore(service, scheduler, self, faults);
        for (const task of [1, 2, 3]) await addOne(client, self, `${worker}/${task}`);
      });
      const outcome = await process.ended;
      if (outcome.status === 'returned') return;
    }
  };
  for (const worker of [1, 2, 3, 4]) scheduler.start(`supervisor ${worker}`, () => work(worker));
  await scheduler.run();
  return { scheduler, counted: countOf(store.items(definition.name)) };
}

describe('writers that compare and set, with everything going wrong', () => {
  test.each([true, false])('count each addition once (SDK with tokens: %s)', async (sendsTokens) => {
    const met = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const { scheduler, counted } = await count(seed, { ...roughFaults, sdk: { ...roughFaults.sdk, sendsTokens } });
      expect({ seed, ...counted }).toEqual({ seed, total: 12, additions: 12 });
      for (const line of scheduler.history()) met.add(line.split(' ').at(-1) ?? '');
    }
    expect([...met]).toEqual(expect.arrayContaining(Object.keys(roughFaults.shares)));
    expect([...met]).toEqual(expect.arrayContaining(['killed', 'TransactionCanceledException']));
  });

  test('do exactly the same again by the same seed', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const [first, second] = [await count(seed, roughFaults), await count(seed, roughFaults)];
      expect(second.scheduler.fingerprint()).toBe(first.scheduler.fingerprint());
    }
  });
});

test('a reader meets its own fate apart from the writer', async () => {
  const scheduler = new Scheduler({ seed: 3 });
  const store = createMemoryStore([definition]);
  scheduler.start('writer', async (self) => {
    await misbehavingStore(store, scheduler, self, { ...noFaults, shares: { answer_abandoned: 1 } }).send(put());
  });
  const reader = scheduler.start('reader', async (self) => {
    await self.sleepMs(100);
    const client = misbehavingStore(store, scheduler, self, noFaults);
    return client.send(new GetItemCommand({ TableName: definition.name, Key: { pk: { S: 'A' }, sk: { S: '1' } } }));
  });
  await scheduler.run();
  expect(reader.outcome()).toMatchObject({ status: 'returned', value: { Item: { pk: { S: 'A' } } } });
});
