import {
  BatchGetItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';

const TableName = 'kept';
const Key = { pk: { S: 'A' }, sk: { S: '1' } };
const newStore = () => createMemoryStore([{ name: TableName }]);
const put = (pk: string, sk: string, text = '') =>
  new PutItemCommand({ TableName, Item: { pk: { S: pk }, sk: { S: sk }, text: { S: text } } });

describe('what is kept', () => {
  test('changes neither with what was put nor with what was read', async () => {
    const store = newStore();
    const list = { L: [{ S: 'first' }] };
    await store.send(new PutItemCommand({ TableName, Item: { ...Key, list } }));
    list.L.push({ S: 'second' });
    const { Item: read } = await store.send(new GetItemCommand({ TableName, Key }));
    expect(() => read?.['list']?.L?.push({ S: 'third' })).toThrow(TypeError);
    expect([...store.items(TableName)]).toEqual([{ ...Key, list: { L: [{ S: 'first' }] } }]);
  });

  test('comes in pages of 1 MB, counted before the filter', async () => {
    const store = newStore();
    for (let at = 0; at < 8; at++) await store.send(put('A', `${at}`, 'x'.repeat(300 * 1024)));
    const sizes: number[] = [];
    let start: QueryCommand['input']['ExclusiveStartKey'];
    do {
      const page = await store.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'attribute_not_exists(#text)',
          ExpressionAttributeNames: { '#text': 'text' },
          ExpressionAttributeValues: { ':pk': { S: 'A' } },
          ExclusiveStartKey: start,
        }),
      );
      expect(page.Items).toEqual([]);
      sizes.push(page.ScannedCount ?? 0);
      start = page.LastEvaluatedKey;
    } while (start);
    expect(sizes).toEqual([4, 4, 0]);
  });
});

test('the segments of a scan share out all items, those of one partition to one segment, in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(fc.nat(20), fc.nat(5)), { selector: String, maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 7 }),
      async (keys, segments, limit) => {
        const store = newStore();
        for (const [pk, sk] of keys) await store.send(put(`${pk}`, `${sk}`));
        const segmentOf = new Map<string, number>();
        const found: string[] = [];
        for (let segment = 0; segment < segments; segment++) {
          let start: ScanCommand['input']['ExclusiveStartKey'];
          do {
            const page = await store.send(
              new ScanCommand({
                TableName,
                Segment: segment,
                TotalSegments: segments,
                Limit: limit,
                ExclusiveStartKey: start,
              }),
            );
            for (const { pk, sk } of page.Items ?? []) {
              found.push(`${pk?.S},${sk?.S}`);
              expect(segmentOf.get(pk?.S ?? '') ?? segment).toBe(segment);
              segmentOf.set(pk?.S ?? '', segment);
            }
            start = page.LastEvaluatedKey;
          } while (start);
        }
        expect(found.sort()).toEqual(keys.map(String).sort());
      },
    ),
  );
});

test('what the store does not know it refuses, rather than answer otherwise than DynamoDB', async () => {
  const store = newStore();
  await expect(
    store.send(new QueryCommand({ TableName, Select: 'COUNT', KeyConditionExpression: 'pk = :pk' })),
  ).rejects.toThrow('the simulated DynamoDB does not know Select of QueryCommand');
  await expect(store.send(new BatchGetItemCommand({ RequestItems: {} }))).rejects.toThrow(
    'the simulated DynamoDB does not know BatchGetItemCommand',
  );
});
