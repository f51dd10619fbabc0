/**
 * Every answer and every refusal of the simulated DynamoDB, next to a real engine's. Where an engine is known to differ
 * from AWS, the requests below stay out of its way and say so.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  type CancellationReason,
  type ConsumedCapacity,
  DeleteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toItem } from '../../../functions/kernel/table.ts';
import { type Client, type Command, sendTo } from '../../../local/simulation/client.ts';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import { createTable, engines } from '../../support/engines.ts';
import { command, index } from './random-commands.ts';

interface Outcome {
  readonly reasons?: readonly CancellationReason[] | undefined;
  readonly LastEvaluatedKey?: Record<string, AttributeValue>;
  readonly [seen: string]: unknown;
}

/** What a caller can see of an answer; texts of errors differ between engines. */
async function outcomeOf(client: Client, sent: Command): Promise<Outcome> {
  try {
    // DynamoDB Local tells what an absent item cost, asked or not; costs have a test of their own
    const { $metadata: _, ConsumedCapacity: __, ...output } = await send(client, sent);
    return sent instanceof ScanCommand || isOnIndex(sent) ? { ...output, Items: inOneOrder(output['Items']) } : output;
  } catch (error) {
    if (!(error instanceof DynamoDBServiceException)) throw error;
    const item = 'Item' in error ? error.Item : undefined;
    const reasons = error instanceof TransactionCanceledException ? error.CancellationReasons : undefined;
    return { name: error.name, item, reasons: reasons?.map(({ Code, Item }) => ({ Code, Item })) };
  }
}

const send = async (client: Client, sent: Command) => ({ ...(await sendTo(client, sent)) }) as Record<string, unknown>; // its members are looked at one by one

const isOnIndex = (sent: Command): boolean => sent instanceof QueryCommand && sent.input.IndexName !== undefined;

/** A scan, and entries with one sort key in an index, come in no order that DynamoDB promises. */
const inOneOrder = (items: unknown): unknown =>
  Array.isArray(items) ? items.map((item) => JSON.stringify(item, Object.keys(item).sort())).sort() : items;

describe.each(engines)('the store of the simulation answers as $name does', (engine) => {
  test('to any sequence of requests', async () => {
    const { client, name } = await createTable(engine.client(), 'simulation', { indexes: [index] });
    await fc.assert(
      fc.asyncProperty(fc.array(command(name), { minLength: 20, maxLength: 40 }), async (commands) => {
        const memory = createMemoryStore([{ name, indexes: [index] }]);
        await emptyTable(client, name);
        for (const [at, each] of commands.entries()) {
          const expected = await outcomeOf(memory, each);
          const outcome = await settledOutcome(client, each, expected);
          const [ours, theirs] =
            engine.name === 'dynamodb-local'
              ? [await asLocalTells(memory, each, expected), await asLocalTells(memory, each, outcome)]
              : [expected, outcome];
          expect({ at, outcome: theirs }).toEqual({ at, outcome: ours });
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(engines)('what is compared in the simulation comes out as $name compares it', (engine) => {
  const values = ['a', 'A', 'é', '\ufb00', '\u{1f600}', 1, 2, 10, -2, 1.5, true, null, [1], { a: 1 }];

  test.each(['=', '<>', '<', '<=', '>', '>='])('by %s, values of one type and of two', async (comparator) => {
    const { client, name } = await createTable(engine.client(), 'comparisons');
    const memory = createMemoryStore([{ name }]);
    for (const [at, value] of values.entries()) {
      const put = new PutItemCommand({ TableName: name, Item: toItem({ pk: 'A', sk: `${at}`, compared: value }) });
      for (const store of [memory, client]) await sendTo(store, put);
    }
    const ordered = comparator !== '=' && comparator !== '<>';
    // what has no order must not be asked for it
    for (const bound of values.filter((value) => !ordered || typeof value === 'string' || typeof value === 'number')) {
      const query = new QueryCommand({
        TableName: name,
        KeyConditionExpression: 'pk = :pk',
        FilterExpression: `compared ${comparator} :bound`,
        ExpressionAttributeValues: toItem({ ':pk': 'A', ':bound': bound }),
      });
      expect(await outcomeOf(memory, query)).toEqual(await outcomeOf(client, query));
    }
  });

  test.each(['<', '<=', '>', '>='])('by %s, sort keys, in both directions', async (comparator) => {
    const { client, name } = await createTable(engine.client(), 'orders');
    const memory = createMemoryStore([{ name }]);
    const keys = values.filter((value) => typeof value === 'string');
    for (const sk of keys) {
      const put = new PutItemCommand({ TableName: name, Item: toItem({ pk: 'A', sk }) });
      for (const store of [memory, client]) await sendTo(store, put);
    }
    for (const bound of keys) {
      for (const ScanIndexForward of [true, false]) {
        const query = new QueryCommand({
          TableName: name,
          KeyConditionExpression: `pk = :pk AND sk ${comparator} :bound`,
          ExpressionAttributeValues: toItem({ ':pk': 'A', ':bound': bound }),
          ScanIndexForward,
        });
        expect(await outcomeOf(memory, query)).toEqual(await outcomeOf(client, query));
      }
    }
  });
});

describe.each(engines)('lists and numbers in the simulation become what $name makes of them', (engine) => {
  const item = { tags: ['a', 'b', 'c', 'd'], amount: 9_007_199_254_740_993n, totals: { fees: [1, 2] } };

  test.each<[string, object]>([
    ['REMOVE tags[2], tags[0]', {}],
    ['REMOVE tags[0] SET tags[1] = :x', { ':x': 'x' }],
    ['SET tags[9] = :x', { ':x': 'x' }],
    ['SET totals.fees[1] = totals.fees[1] + :x', { ':x': 5 }],
    ['SET amount = amount + :x', { ':x': 0.000001 }],
    ['SET amount = amount - :x', { ':x': 9_007_199_254_740_993n }],
    ['ADD amount :x, extra :x', { ':x': -12_345_678_901_234_567_890n }],
    ['SET extra = amount, amount = tags', {}],
  ])('%s', async (UpdateExpression, values) => {
    const { client, name } = await createTable(engine.client(), 'updates');
    const memory = createMemoryStore([{ name }]);
    const Key = toItem({ pk: 'A', sk: '1' });
    const update = new UpdateItemCommand({
      TableName: name,
      Key,
      UpdateExpression,
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: toItem(values) }),
      ReturnValues: 'ALL_NEW',
    });
    for (const store of [memory, client]) {
      await sendTo(store, new PutItemCommand({ TableName: name, Item: { ...Key, ...toItem(item) } }));
    }
    expect(await outcomeOf(memory, update)).toEqual(await outcomeOf(client, update));
  });
});

describe.each(engines)('what a request must not be, next to $name', (engine) => {
  const key = { pk: { S: 'A' }, sk: { S: '1' } };
  const put = (item: Record<string, AttributeValue>) => ({ Put: { TableName: 'refusals', Item: item } });
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, at) => put({ pk: { S: 'A' }, sk: { S: `${at}` } }));

  test.each<[string, (TableName: string) => Command]>([
    ['more than 100 actions', (table) => new TransactWriteItemsCommand({ TransactItems: on(table, numbered(101)) })],
    ['one item twice', (table) => new TransactWriteItemsCommand({ TransactItems: on(table, [put(key), put(key)]) })],
    ['an empty key', (TableName) => new PutItemCommand({ TableName, Item: { ...key, sk: { S: '' } } })],
    ['a key in part', (TableName) => new GetItemCommand({ TableName, Key: { pk: { S: 'A' } } })],
    [
      'an item of more than 400 KB',
      (TableName) => new PutItemCommand({ TableName, Item: { ...key, text: { S: 'x'.repeat(400 * 1024) } } }),
    ],
    [
      'more than 400 KB in a transaction',
      (table) =>
        new TransactWriteItemsCommand({
          TransactItems: on(table, [put({ ...key, text: { S: 'x'.repeat(400 * 1024) } })]),
        }),
    ],
    ['an empty index key', (TableName) => new PutItemCommand({ TableName, Item: { ...key, holder: { S: '' } } })],
    [
      'an index key of another type',
      (TableName) => new PutItemCommand({ TableName, Item: { ...key, holder: { N: '1' } } }),
    ],
    [
      'a consistent read of an index',
      (TableName) =>
        new QueryCommand({
          TableName,
          IndexName: index.name,
          ConsistentRead: true,
          KeyConditionExpression: 'holder = :holder',
          ExpressionAttributeValues: { ':holder': { S: 'me' } },
        }),
    ],
    [
      'words that make no condition',
      (TableName) => new DeleteItemCommand({ TableName, Key: key, ConditionExpression: 'attribute_exists(pk) AND' }),
    ],
    [
      'a number of more than 38 digits',
      (TableName) => new PutItemCommand({ TableName, Item: { ...key, amount: { N: '1'.repeat(39) } } }),
    ],
  ])('%s', async (_, request) => {
    const { client, name } = await createTable(engine.client(), 'refusals', { indexes: [index] });
    const memory = createMemoryStore([{ name, indexes: [index] }]);
    const refusal = await outcomeOf(memory, request(name));
    expect(refusal).toMatchObject({ name: 'ValidationException' });
    expect(await outcomeOf(client, request(name))).toEqual(refusal);
  });

  test('a second request under a client token is answered without doing it again', async () => {
    const { client, name } = await createTable(engine.client(), 'tokens');
    const memory = createMemoryStore([{ name }]);
    const once = { TableName: name, Item: key, ConditionExpression: 'attribute_not_exists(pk)' };
    const ClientRequestToken = randomUUID();
    const same = new TransactWriteItemsCommand({ ClientRequestToken, TransactItems: [{ Put: once }] });
    const other = new TransactWriteItemsCommand({ ClientRequestToken, TransactItems: on(name, [put(key)]) });
    for (const store of [memory, client]) {
      expect(await outcomeOf(store, same)).toEqual({});
      expect(await outcomeOf(store, same)).toEqual({});
      expect(await outcomeOf(store, other)).toMatchObject({ name: 'IdempotentParameterMismatchException' });
    }
  });
});

/** DynamoDB Local counts a transaction's capacity wrong. */
describe.each(engines.filter(({ name }) => name === 'ministack'))('what a request costs on $name', (engine) => {
  test('is what it costs in the simulation, table and indexes apart', async () => {
    const { client, name } = await createTable(engine.client(), 'costs', { indexes: [index] });
    const memory = createMemoryStore([{ name, indexes: [index] }]);
    const ReturnConsumedCapacity = 'INDEXES' as const;
    const item = (sk: string, kib: number, rest: object = {}) =>
      toItem({ pk: 'A', sk, text: 'x'.repeat(kib * 1024), ...rest });
    const indexed = { holder: 'me', grade: 'a' };
    const Item = item('1', 3, indexed);
    const change = {
      TableName: name,
      Key: toItem({ pk: 'A', sk: '1' }),
      UpdateExpression: 'SET grade = :grade',
      ExpressionAttributeValues: toItem({ ':grade': 'b' }),
    };
    const requests: readonly Command[] = [
      new PutItemCommand({ TableName: name, Item, ReturnConsumedCapacity }),
      new PutItemCommand({ TableName: name, Item, ReturnConsumedCapacity }),
      new UpdateItemCommand({ ...change, ReturnConsumedCapacity }),
      new TransactWriteItemsCommand({
        TransactItems: on(name, [
          { Put: { TableName: name, Item: item('2', 1, indexed) } },
          { Update: { ...change, UpdateExpression: 'SET holder = :grade' } },
        ]),
        ReturnConsumedCapacity,
      }),
      new GetItemCommand({ TableName: name, Key: change.Key, ConsistentRead: true, ReturnConsumedCapacity }),
      new DeleteItemCommand({ TableName: name, Key: change.Key, ReturnConsumedCapacity }),
    ];
    for (const request of requests) {
      expect(await costOf(memory, request)).toEqual(await costOf(client, request));
    }
  });
});

const on = (TableName: string, actions: readonly TransactWriteItem[]): TransactWriteItem[] =>
  actions.map((action) => (action.Put ? { Put: { ...action.Put, TableName } } : action));

interface Cost {
  readonly table: number;
  readonly indexes: Readonly<Record<string, number>>;
}

/** A transaction shows what its table took as a sum alone on some engines: the rest beside its indexes. */
async function costOf(client: Client, sent: Command): Promise<Cost> {
  const { ConsumedCapacity: consumed } = await send(client, sent);
  const [first] = (Array.isArray(consumed) ? consumed : [consumed]) as ConsumedCapacity[]; // as the SDK types it, per command
  const indexes = Object.entries(first?.GlobalSecondaryIndexes ?? {}).map(
    ([name, { CapacityUnits = 0 }]) => [name, CapacityUnits] as const,
  );
  const inIndexes = indexes.reduce((sum, [, units]) => sum + units, 0);
  return { table: (first?.CapacityUnits ?? 0) - inIndexes, indexes: Object.fromEntries(indexes) };
}

/**
 * Where DynamoDB Local differs from AWS, whose documents the simulation follows:
 * - AWS cancels a transaction whose update does not fit its item, with `ValidationError` as the reason; Local refuses
 *   the request. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 * - AWS gives a `LastEvaluatedKey` with every page that `Limit` ended; Local only sometimes where nothing follows.
 */
async function asLocalTells(memory: Client, sent: Command, outcome: Outcome): Promise<Outcome> {
  if (outcome.reasons?.some(({ Code }) => Code === 'ValidationError')) {
    return { name: 'ValidationException', item: undefined, reasons: undefined };
  }
  const { LastEvaluatedKey: last, ...rest } = outcome;
  if (!(sent instanceof QueryCommand) || last === undefined) return outcome;
  const { ScannedCount } = await memory.send(new QueryCommand({ ...sent.input, ExclusiveStartKey: last }));
  return ScannedCount === 0 ? rest : outcome;
}

/** An index follows its table after a moment. */
async function settledOutcome(client: Client, sent: Command, expected: Outcome): Promise<Outcome> {
  for (let triesLeft = 20; ; triesLeft--) {
    const outcome = await outcomeOf(client, sent);
    if (!isOnIndex(sent) || triesLeft === 0 || isDeepStrictEqual(outcome, expected)) return outcome;
    await sleep(50);
  }
}

async function emptyTable(client: Client, TableName: string): Promise<void> {
  const { Items: items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
  for (const { pk, sk } of items) {
    if (pk && sk) await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
  }
}
