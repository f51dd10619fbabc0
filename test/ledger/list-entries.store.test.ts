import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { type EntriesRequest, listEntries } from '../../functions/ledger/list-entries.ts';
import { post } from '../../functions/ledger/post.ts';
import { findAccountFor } from '../../functions/ledger/read-account.ts';
import { engines } from '../support/engines.ts';
import { ledgerOn, open } from './ledger-on.ts';
import { accountId, day, member, settlement, topUp } from './samples.ts';

describe.each(engines)('the statement of an account on $name', (engine) => {
  let ledger: Ledger;
  const start = Date.parse('2026-03-01T02:00:00Z');
  const total = 20;

  /** Twenty top-ups, five a day, of 1, 2, 3 … 20. */
  beforeAll(async () => {
    let now = start;
    ledger = await ledgerOn(engine, { clock: () => new Date(now) });
    await open(ledger, settlement('S', 3), member('A'), member('none'));
    for (let index = 0; index < total; index++) {
      now = start + Math.floor(index / 5) * 86_400_000 + index * 1000;
      const accountingDate = day(new Date(now).toISOString().slice(0, 10));
      await post(ledger, topUp(`${index}`, 'A', BigInt(index + 1), { accountingDate }));
    }
  });

  async function list(name: string, request: Partial<EntriesRequest> = {}) {
    const account = await findAccountFor(ledger, 'everyone', accountId(name));
    if ('refused' in account) throw new Error(account.detail);
    const { items, nextCursor } = await listEntries(ledger, account, { limit: 50, ...request });
    return { nextCursor, amounts: items.map(({ entry }) => Number(entry.change.available)), items };
  }
  const countdown = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index);

  test.each(['A', 'S'])('shows the newest first, with running balances (%s)', async (name) => {
    const { amounts, items, nextCursor } = await list(name);
    expect(amounts).toEqual(countdown(total, 1));
    expect(items.map(({ balancesAfter }) => Number(balancesAfter.available))).toEqual(
      amounts.map((amount) => (amount * (amount + 1)) / 2),
    );
    expect(nextCursor).toBeNull();
  });

  test.each(['A', 'S'])('pages without a gap or a repeat (%s)', async (name) => {
    const seen: number[] = [];
    let after: string | undefined;
    do {
      const page = await list(name, { limit: 3, after });
      seen.push(...page.amounts);
      expect(page.amounts.length).toBeGreaterThan(0);
      after = page.nextCursor ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(countdown(total, 1));
  });

  test.each([
    ['2026-03-02', '2026-03-03', countdown(15, 6)],
    [undefined, '2026-03-01', countdown(5, 1)],
    ['2026-03-04', undefined, countdown(20, 16)],
    ['2026-02-01', '2026-02-28', []],
    ['2026-03-05', '2026-03-31', []],
  ])('keeps to the days from %s to %s', async (from, to, expected) => {
    const range = { from: from === undefined ? undefined : day(from), to: to === undefined ? undefined : day(to) };
    for (const name of ['A', 'S']) {
      expect((await list(name, range)).amounts).toEqual(expected);
      const first = await list(name, { ...range, limit: 4 });
      const second =
        first.nextCursor === null ? [] : (await list(name, { ...range, limit: 50, after: first.nextCursor })).amounts;
      expect([...first.amounts, ...second]).toEqual(expected);
    }
  });

  test('ends its last page where the range ends, without a cursor', async () => {
    const page = await list('A', { from: day('2026-03-04'), limit: 5 });
    expect([page.amounts.length, page.nextCursor]).toEqual([5, null]);
  });

  test('is empty for an account without entries', async () => {
    expect(await list('none')).toEqual({ amounts: [], items: [], nextCursor: null });
  });
});
