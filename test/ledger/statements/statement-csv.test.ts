import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { minorUnitsFromDecimal } from '../../../functions/kernel/money.ts';
import type { EntryFilter } from '../../../functions/ledger/statements/entry-filter.ts';
import type { StatementOrder } from '../../../functions/ledger/statements/merge-chains.ts';
import { readStatement } from '../../../functions/ledger/statements/statement.ts';
import { statementCsv } from '../../../functions/ledger/statements/statement-csv.ts';
import type { Moment, StatementRange } from '../../../functions/ledger/statements/statement-range.ts';
import { day, member, noon, today } from '../samples.ts';
import { type Event, events, StatementBooks } from './statement-books.ts';

interface Asked {
  readonly order?: StatementOrder;
  readonly range?: StatementRange;
  readonly filter?: EntryFilter;
}

async function fileOf(
  books: StatementBooks,
  { order = 'oldest', range = {}, filter = {} }: Asked = {},
): Promise<string> {
  const request = { order, range, filter, asOf: noon };
  const statement = await readStatement(books.source, books.account, request);
  return text(statementCsv(books.account, statement, request));
}

type Row = Readonly<Record<string, string>>;

const rowsOf = (file: string): Row[] => parse(file, { columns: true });
const amountIn = (row: Row | undefined, column: string): bigint =>
  minorUnitsFromDecimal(row?.[column] ?? '', 'CNY') ?? 999_999n;

const date = fc.integer({ min: -3, max: 40 }).map(
  (days): Moment => ({
    by: 'accountingDate',
    value: day(new Date(noon.getTime() + days * 86_400_000).toISOString().slice(0, 10)),
  }),
);
/** One that ends before it begins is turned away at the door. */
const range = fc
  .record({ from: fc.option(date, { nil: undefined }), to: fc.option(date, { nil: undefined }) })
  .filter(({ from, to }) => !from || !to || from.value <= to.value);

describe('the balances at the ends of a file', () => {
  test('agree with the entries between them, with every running balance, and with what stood at those moments', async () => {
    await fc.assert(
      fc.asyncProperty(events, range, fc.constantFrom('newest', 'oldest'), async (history, between, order) => {
        const books = await StatementBooks.of(history);
        const rows = rowsOf(await fileOf(books, { order, range: between }));
        if (order === 'newest') rows.reverse();
        const [opening, closing] = [rows[0], rows.at(-1)];
        expect([opening?.['type'], closing?.['type']]).toEqual(['opening_balance', 'closing_balance']);
        for (const [change, after] of [
          ['availableChange', 'availableAfter'],
          ['frozenChange', 'frozenAfter'],
          ['feesChange', 'feesAfter'],
        ] as const) {
          let balance = amountIn(opening, after);
          for (const row of rows.slice(1, -1)) {
            balance += amountIn(row, change);
            expect(amountIn(row, after)).toBe(balance);
          }
          expect(amountIn(closing, after)).toBe(balance);
        }
        const until = between.to?.value;
        const then = books.lines().findLast(({ entry }) => until === undefined || entry.accountingDate <= until);
        expect(amountIn(closing, 'availableAfter')).toBe(then?.balancesAfter.available ?? 0n);
      }),
      { numRuns: 150 },
    );
  });

  test('say which moments they are of', async () => {
    const books = await StatementBooks.of([]);
    const to: Moment = { by: 'accountingDate', value: today };
    const from: Moment = { by: 'postedAt', value: '2026-01-01T00:00:00.000Z' };
    const ends = async (between: StatementRange) =>
      rowsOf(await fileOf(books, { range: between })).map((row) => [row['accountingDate'], row['postedAt']]);
    expect(await ends({ from: to, to })).toEqual([
      [today, ''],
      [today, ''],
    ]);
    expect(await ends({ from })).toEqual([
      ['', from.value],
      ['', noon.toISOString()],
    ]);
    expect(await ends({})).toEqual([
      ['', ''],
      ['', noon.toISOString()],
    ]);
  });

  test('are left out where the entries are filtered and lead from nothing to nothing', async () => {
    const books = await StatementBooks.of([moved(100n), moved(-40n)]);
    for (const filter of [{ direction: 'out' }, { types: ['top_up'] }] as const) {
      const types = rowsOf(await fileOf(books, { filter })).map((row) => row['type']);
      expect(new Set(types)).toEqual(new Set(['top_up']));
    }
    expect(rowsOf(await fileOf(books, { filter: { direction: 'out' } })).map((row) => row['availableAfter'])).toEqual([
      '0.60',
    ]);
  });
});

const moved = (available: bigint, facts: Partial<Event> = {}): Event => ({
  slot: 0,
  type: 'top_up',
  change: { available, frozen: 0n, fees: 0n },
  days: 0,
  milliseconds: 1_000,
  ...facts,
});

describe('a file', () => {
  test('has amounts in major units, negative ones as plain numbers', async () => {
    const books = await StatementBooks.of([moved(-9_940n)], member('A'));
    const [head, , row] = (await fileOf(books)).split('\n');
    expect(head).toBe(
      'accountingDate,postedAt,postingId,type,transactionId,currency,' +
        'availableChange,frozenChange,availableAfter,frozenAfter,belongsTo,description',
    );
    expect(row).toMatch(/^2026-03-02,2026-03-02T04:00:01.000Z,post_\w+,top_up,,CNY,-99.40,0.00,-99.40,0.00,,$/);
  });

  test('of a settlement account has its fees', async () => {
    const books = await StatementBooks.of([moved(0n, { change: { available: 9_940n, frozen: 0n, fees: 60n } })]);
    expect(rowsOf(await fileOf(books))[1]).toMatchObject({
      availableChange: '99.40',
      feesChange: '0.60',
      feesAfter: '0.60',
    });
  });

  test('holds text that a spreadsheet would run defused, and text with commas quoted', async () => {
    const described = async (description: string) => fileOf(await StatementBooks.of([{ ...moved(1n), description }]));
    expect(await described('=HYPERLINK("x")')).toContain(`"'=HYPERLINK(""x"")"`);
    expect(await described('rent, March')).toContain('"rent, March"');
  });

  test('of an account without entries has its head and both balances', async () => {
    expect((await fileOf(await StatementBooks.of([]))).trim().split('\n')).toHaveLength(3);
  });

  test('whose entries do not lead to its closing balance is none', async () => {
    const books = await StatementBooks.of([moved(1n), moved(2n)], member('A'));
    const { client } = books.table;
    // the table as it were with another amount in every entry
    const send = async (command: unknown) => {
      const answer = await (client.send as (command: unknown) => Promise<{ Items?: object[] }>)(command);
      return { ...answer, Items: answer.Items?.map((item) => ({ ...item, changeAvailable: { N: '7' } })) };
    };
    const table = { name: 'ledger', client: { send: send as typeof client.send } };
    const request = { order: 'oldest', range: {}, filter: {}, asOf: noon } as const;
    const statement = await readStatement({ ...books.source, table }, books.account, request);
    await expect(text(statementCsv(books.account, statement, request))).rejects.toThrow('do not lead');
  });

  test('that can not be read to its end breaks off with an error', async () => {
    const books = await StatementBooks.of([moved(1n), moved(2n)], member('A'));
    const statement = await readStatement(books.source, books.account, { order: 'oldest', range: {} });
    const altered = { ...statement, lines: failing(statement.lines) };
    const file = text(statementCsv(books.account, altered, { order: 'oldest', range: {}, filter: {}, asOf: noon }));
    await expect(file).rejects.toThrow('lost on the way');
  });
});

async function* failing<Line>(lines: AsyncIterable<Line>): AsyncGenerator<Line> {
  for await (const line of lines) {
    yield line;
    throw new Error('lost on the way');
  }
}
