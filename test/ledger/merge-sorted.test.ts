import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeSorted } from '../../functions/ledger/merge-sorted.ts';

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

test('sorted streams make one sorted stream of all their items', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.string(), { maxLength: 20 }), { maxLength: 5 }), async (lists) => {
      const sorted = lists.map((list) => [...list].sort());
      const merged: string[] = [];
      for await (const item of mergeSorted(sorted.map(each), (text) => text)) merged.push(item);
      expect(merged).toEqual(lists.flat().sort());
    }),
  );
});
