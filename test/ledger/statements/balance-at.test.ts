import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { noBalances } from '../../../functions/ledger/account.ts';
import { readBalancesAt } from '../../../functions/ledger/statements/balance-at.ts';
import type { Moment } from '../../../functions/ledger/statements/statement-range.ts';
import { day, institutionId, member, noon, today } from '../samples.ts';
import { events, StatementBooks } from './statement-books.ts';

async function then(books: StatementBooks, moment: Moment) {
  const found = await readBalancesAt(books.source, institutionId, { id: books.account.id, moment });
  if (isRefusal(found)) throw new Error(found.detail);
  return found;
}

const instant = fc
  .integer({ min: -3_600_000, max: 30 * 86_400_000 })
  .map((ms): Moment => ({ by: 'postedAt', value: new Date(noon.getTime() + ms).toISOString() }));
const date = fc.integer({ min: -2, max: 40 }).map(
  (days): Moment => ({
    by: 'accountingDate',
    value: day(new Date(noon.getTime() + days * 86_400_000).toISOString().slice(0, 10)),
  }),
);

describe('the balances of a past moment', () => {
  test('are those after the last entry up to it, over all slots that there were', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.oneof(instant, date), async (history, moment) => {
        const books = await StatementBooks.of(history, member('A', { slots: 2, floor: null }));
        const last = books.lines().findLast(({ entry }) => entry[moment.by] <= moment.value);
        const found = await then(books, moment);
        expect(found.balances).toEqual(last?.balancesAfter ?? noBalances);
        expect(found.status).toBe(last ? 'active' : undefined);
      }),
      { numRuns: 200 },
    );
  });

  test('count what was posted at that very millisecond', async () => {
    const books = await StatementBooks.of(
      [{ slot: 0, type: 'top_up', change: { available: 5n, frozen: 0n, fees: 0n }, days: 0, milliseconds: 1_000 }],
      member('A'),
    );
    const at = async (ms: number) =>
      (await then(books, { by: 'postedAt', value: new Date(noon.getTime() + ms).toISOString() })).balances.available;
    expect([await at(999), await at(1_000)]).toEqual([0n, 5n]);
  });

  test('are of no account before it was opened', async () => {
    const books = await StatementBooks.of([], member('A'));
    expect((await then(books, { by: 'accountingDate', value: day('2026-03-01') })).status).toBeUndefined();
    expect((await then(books, { by: 'accountingDate', value: today })).status).toBe('active');
  });

  test('are nobody else’s business', async () => {
    const books = await StatementBooks.of([], member('A', { institutionId: undefined }));
    const request = { id: books.account.id, moment: { by: 'accountingDate', value: today } } as const;
    expect(await readBalancesAt(books.source, institutionId, request)).toMatchObject({ refused: 'not_found' });
  });
});
