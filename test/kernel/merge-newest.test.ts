import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeNewest, type Placed, type ReadOn } from '../../functions/kernel/merge-newest.ts';

/** A list that shows a few items at a time, and of those only what a filter lets through. */
const listOf =
  (
    items: readonly Placed<number>[],
    { size, shows }: { readonly size: number; readonly shows: (item: number) => boolean },
  ): ReadOn<number> =>
  async (after) => {
    const older = items.filter(({ key }) => key < after);
    const stretch = older.slice(0, size);
    const lookedThrough = older.length > size ? stretch.at(-1)?.key : undefined;
    return { items: stretch.filter(({ item }) => shows(item)), lookedThrough };
  };

const placed = (item: number): Placed<number> => ({ key: String(item).padStart(6, '0'), item });

test('pages of several lists, one after the other, are all of their items in one order, each once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.integer({ min: 0, max: 99_999 }), { maxLength: 80 }),
      fc.record({
        lists: fc.integer({ min: 1, max: 5 }),
        size: fc.integer({ min: 1, max: 9 }),
        limit: fc.integer({ min: 1, max: 12 }),
        maximumRounds: fc.integer({ min: 1, max: 6 }),
        every: fc.integer({ min: 1, max: 7 }),
        lot: fc.integer({ min: 0, max: 1_000 }),
      }),
      async (numbers, { lists, size, limit, maximumRounds, every, lot }) => {
        const shows = (item: number) => item % every === 0;
        const sorted = numbers.toSorted((left, right) => right - left).map(placed);
        const readers = Array.from({ length: lists }, (_, list) =>
          listOf(
            sorted.filter(({ item }) => (item + lot) % lists === list),
            { size, shows },
          ),
        );
        const seen: number[] = [];
        let after: string | undefined = '~';
        for (let pages = 0; after !== undefined; pages++) {
          expect(pages).toBeLessThan(500);
          const page: { readonly items: readonly number[]; readonly continueAfter?: string } = await mergeNewest(
            readers,
            {
              after,
              limit,
              maximumRounds,
            },
          );
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items);
          after = page.continueAfter;
        }
        expect(seen).toEqual(sorted.map(({ item }) => item).filter(shows));
      },
    ),
    { numRuns: 500 },
  );
});

test('a page is full where the lists have enough, though all of it lies in one of them', async () => {
  const items = Array.from({ length: 40 }, (_, index) => placed(40 - index));
  const empty = listOf([], { size: 4, shows: () => true });
  const full = listOf(items, { size: 4, shows: () => true });
  const page = await mergeNewest([empty, full, empty], { after: '~', limit: 10, maximumRounds: 12 });
  expect(page.items).toEqual([40, 39, 38, 37, 36, 35, 34, 33, 32, 31]);
});
