import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import type { Entry } from '../../../functions/ledger/entry.ts';
import { readCursor } from '../../../functions/ledger/statements/entries-cursor.ts';
import { type EntryFilter, passes } from '../../../functions/ledger/statements/entry-filter.ts';
import { type EntriesRequest, listEntries } from '../../../functions/ledger/statements/list-entries.ts';
import type { StatementLine, StatementOrder } from '../../../functions/ledger/statements/merge-chains.ts';
import {
  isAfter,
  isBefore,
  type Moment,
  type StatementRange,
} from '../../../functions/ledger/statements/statement-range.ts';
import { day, member, noon } from '../samples.ts';
import { type Event, events, StatementBooks } from './statement-books.ts';

type List = Omit<EntriesRequest, 'limit' | 'cursor'>;

async function pageOf(books: StatementBooks, request: EntriesRequest) {
  const page = await listEntries(books.source, books.account, request);
  if (isRefusal(page)) throw new Error(page.detail);
  const cursor = page.nextCursor === null ? undefined : readCursor(page.nextCursor);
  if (page.nextCursor !== null) expect(cursor).toBeDefined();
  return { items: page.items, cursor };
}

/** All pages, with what happens between them. */
async function allPages(
  books: StatementBooks,
  list: List,
  { limit, between = [] }: { readonly limit: number; readonly between?: readonly Event[] },
): Promise<StatementLine[]> {
  const items: StatementLine[] = [];
  const toHappen = [...between];
  let cursor: EntriesRequest['cursor'];
  do {
    const page = await pageOf(books, { ...list, limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.cursor;
    const event = toHappen.shift();
    if (event) await books.happen(event);
  } while (cursor);
  return items;
}

const expected = (lines: readonly StatementLine[], { order, range, filter }: List): StatementLine[] => {
  const within = ({ entry }: StatementLine) => !isBefore(entry, range.from) && !isAfter(entry, range.to);
  const shown = lines.filter((line) => within(line) && passes(line.entry, filter));
  return order === 'oldest' ? shown : shown.reverse();
};

const date = fc.integer({ min: -3, max: 40 }).map(
  (days): Moment => ({
    by: 'accountingDate',
    value: day(new Date(noon.getTime() + days * 86_400_000).toISOString().slice(0, 10)),
  }),
);
const time = fc
  .integer({ min: -3_600_000, max: 30 * 86_400_000 })
  .map((ms): Moment => ({ by: 'postedAt', value: new Date(noon.getTime() + ms).toISOString() }));
const rangeOf = (moment: fc.Arbitrary<Moment>): fc.Arbitrary<StatementRange> =>
  fc.record({ from: fc.option(moment, { nil: undefined }), to: fc.option(moment, { nil: undefined }) });
const filter: fc.Arbitrary<EntryFilter> = fc.record({
  direction: fc.constantFrom('in', 'out', undefined),
  types: fc.constantFrom(undefined, ['top_up'] as const, ['transfer', 'account_change'] as const),
});
const order = fc.constantFrom<StatementOrder>('newest', 'oldest');
const list: fc.Arbitrary<List> = fc.record({ order, range: fc.oneof(rangeOf(date), rangeOf(time)), filter });
const limit = fc.integer({ min: 1, max: 7 });
const everything: List = { order: 'newest', range: {}, filter: {} };

describe('the pages of a statement', () => {
  test('are together what a plain sort and filter give, in either order', async () => {
    await fc.assert(
      fc.asyncProperty(events, list, limit, async (history, asked, size) => {
        const books = await StatementBooks.of(history);
        expect(await allPages(books, asked, { limit: size })).toEqual(expected(books.lines(), asked));
      }),
      { numRuns: 200 },
    );
  });

  test('newest first, show the account as it was when the first was read, whatever is added and raised since', async () => {
    await fc.assert(
      fc.asyncProperty(events, list, events, async (history, asked, between) => {
        const books = await StatementBooks.of(history);
        const newest = { ...asked, order: 'newest' } as const;
        const before = expected(books.lines(), newest);
        expect(await allPages(books, newest, { limit: 2, between })).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });

  test('oldest first, go on to all that was added before the last was read, each entry once and with its balances', async () => {
    await fc.assert(
      fc.asyncProperty(events, list, events, async (history, asked, between) => {
        const books = await StatementBooks.of(history);
        const oldest = { ...asked, order: 'oldest' } as const;
        // what comes later has a later time here, so that the list is exact
        const later = between.map((event) => ({ ...event, milliseconds: event.milliseconds + 1 }));
        const shown = await allPages(books, oldest, { limit: 2, between: later });
        const all = expected(books.lines(), oldest);
        expect(shown).toEqual(all.slice(0, shown.length));
        expect(shown.length).toBeGreaterThanOrEqual(
          expected((await StatementBooks.of(history)).lines(), oldest).length,
        );
      }),
      { numRuns: 100 },
    );
  });

  test('oldest first, show an entry that was written late once, behind what was shown already', async () => {
    const history = [topUpOf(0, 100n, 1000), topUpOf(1, 10n, 1000)];
    const books = await StatementBooks.of(history);
    const first = await pageOf(books, { ...everything, order: 'oldest', limit: 1 });
    // slot 2 writes with the time of the first entry, which the list has passed
    await books.happen({ ...topUpOf(2, 1n, 0), milliseconds: -1000 });
    const second = await pageOf(books, { ...everything, order: 'oldest', limit: 5, cursor: first.cursor });
    const amounts = [...first.items, ...second.items].map(({ entry }) => entry.change.available);
    expect(amounts.toSorted()).toEqual([1n, 10n, 100n].toSorted());
    expect(second.items.at(-1)?.balancesAfter.available).toBe(111n);
  });
});

const topUpOf = (slot: number, available: bigint, milliseconds: number): Event => ({
  slot,
  type: 'top_up',
  change: { available, frozen: 0n, fees: 0n },
  days: 0,
  milliseconds,
});

describe('a page', () => {
  test('looks at two thousand entries at most, and its cursor goes on behind them', async () => {
    const history = [topUpOf(0, -5n, 1), ...Array.from({ length: 2_100 }, () => topUpOf(0, 1n, 1))];
    const books = await StatementBooks.of(history, member('A'));
    const asked: List = { ...everything, filter: { direction: 'out' } };
    const first = await pageOf(books, { ...asked, limit: 50 });
    expect([first.items.length, first.cursor?.next]).toEqual([0, [books.entries.length - 2_000]]);
    const second = await pageOf(books, { ...asked, limit: 50, cursor: first.cursor });
    expect([second.items.map(({ entry }) => entry.change.available), second.cursor]).toEqual([[-5n], undefined]);
  });

  test('that is full has no cursor when only what opened the account is left', async () => {
    const books = await StatementBooks.of([topUpOf(0, 1n, 1), topUpOf(0, 2n, 1)], member('A'));
    const page = await pageOf(books, { ...everything, limit: 2 });
    expect([page.items.length, page.cursor]).toEqual([2, undefined]);
  });

  test('shows what set the terms of the account to whoever asks for it', async () => {
    const books = await StatementBooks.of([{ ...topUpOf(0, 1n, 1), type: 'account_change' }], member('A'));
    const types = async (types?: EntryFilter['types']) =>
      (await pageOf(books, { ...everything, filter: { types }, limit: 9 })).items.map(({ entry }) => entry.type);
    expect(await types()).toEqual([]);
    expect(await types(['account_change'])).toEqual(['account_change']);
    expect(await types(['account_change', 'account_opening'])).toEqual(['account_change', 'account_opening']);
  });

  test.each([
    ['another order', { order: 'oldest' }],
    ['another filter', { filter: { direction: 'in' } }],
    ['another range', { range: { to: { by: 'postedAt', value: noon.toISOString() } } }],
  ] as const)('refuses the cursor of a list of %s', async (_, other) => {
    const books = await StatementBooks.of([topUpOf(0, 1n, 1), topUpOf(0, 2n, 1)], member('A'));
    const { cursor } = await pageOf(books, { ...everything, limit: 1 });
    expect(await listEntries(books.source, books.account, { ...everything, ...other, limit: 1, cursor })).toMatchObject(
      {
        refused: 'unknown_cursor',
      },
    );
  });

  test('refuses a cursor that points where nothing is', async () => {
    const books = await StatementBooks.of([topUpOf(0, 1n, 1), topUpOf(0, 2n, 1)], member('A'));
    const oldest: List = { ...everything, order: 'oldest' };
    const { cursor } = await pageOf(books, { ...oldest, limit: 1 });
    const request = { ...oldest, limit: 1, cursor: { list: cursor?.list ?? '', next: [99] } };
    expect(await listEntries(books.source, books.account, request)).toMatchObject({ refused: 'unknown_cursor' });
  });
});

describe('in and out', () => {
  const change = (available: bigint, frozen = 0n, fees = 0n) => ({ available, frozen, fees });

  test.each([
    ['a top-up is in', change(100n), ['in']],
    ['a freeze is neither', change(-100n, 100n), []],
    ['the capture of a frozen amount is out', change(0n, -100n), ['out']],
    ['a top-up with a fee is in on the settlement account', change(9_940n, 0n, 60n), ['in']],
    ['a fee that is taken alone is out', change(-60n, 0n, 60n), ['out']],
  ])('%s', async (_, moved, expectedDirections) => {
    const books = await StatementBooks.of([{ ...topUpOf(0, 0n, 1), change: moved }]);
    const found: string[] = [];
    for (const direction of ['in', 'out'] as const) {
      const page = await pageOf(books, { ...everything, filter: { direction }, limit: 9 });
      if (page.items.length > 0) found.push(direction);
    }
    expect(found).toEqual(expectedDirections);
  });
});

test('a chain with a hole is no statement', async () => {
  const books = await StatementBooks.of([topUpOf(0, 1n, 1), topUpOf(0, 2n, 1)], member('A'));
  const hidden = (entry: Pick<Entry, 'seq'>) => entry.seq === 2;
  const { client } = books.table;
  // the table as it were without entry 2
  const send = async (command: Parameters<typeof client.send>[0]) => {
    const answer: { Items?: { sk: { S: string } }[] } = await (client.send as (command: unknown) => Promise<object>)(
      command,
    );
    return { ...answer, Items: answer.Items?.filter(({ sk }) => !hidden({ seq: Number(sk.S.slice(6)) })) };
  };
  const source = { ...books.source, table: { name: 'ledger', client: { send: send as typeof client.send } } };
  await expect(listEntries(source, books.account, { ...everything, limit: 9 })).rejects.toThrow('missing');
});
