import { beforeAll, describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { changeAccount } from '../../../functions/ledger/change-account.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { post } from '../../../functions/ledger/post.ts';
import { postingTypes } from '../../../functions/ledger/posting.ts';
import { readBalancesAt } from '../../../functions/ledger/statements/balance-at.ts';
import { readCursor } from '../../../functions/ledger/statements/entries-cursor.ts';
import { type EntriesRequest, listEntries } from '../../../functions/ledger/statements/list-entries.ts';
import type { StatementLine, StatementOrder } from '../../../functions/ledger/statements/merge-chains.ts';
import { readStatement } from '../../../functions/ledger/statements/statement.ts';
import { findStatementAccount } from '../../../functions/ledger/statements/statement-account.ts';
import type { Moment } from '../../../functions/ledger/statements/statement-range.ts';
import { engines } from '../../support/engines.ts';
import { ledgerOn, open, through } from '../ledger-on.ts';
import { accountId, day, member, settlement, topUp } from '../samples.ts';

const timeZone = 'Asia/Shanghai';
const dayMs = 86_400_000;

async function accountNamed({ table }: Pick<Ledger, 'table'>, name: string) {
  const account = await findStatementAccount({ table }, 'everyone', { id: accountId(name) });
  if (isRefusal(account)) throw new Error(account.detail);
  return account;
}

async function list({ table }: Pick<Ledger, 'table'>, name: string, request: Partial<EntriesRequest> = {}) {
  const account = await accountNamed({ table }, name);
  const asked = { limit: 50, order: 'newest', range: {}, filter: {}, ...request } as const;
  const page = await listEntries({ table, timeZone }, account, asked);
  if (isRefusal(page)) throw new Error(page.detail);
  return { ...page, amounts: page.items.map(({ entry }) => Number(entry.change.available)) };
}

const cursorOf = (nextCursor: string | null) => (nextCursor === null ? undefined : readCursor(nextCursor));

describe.each(engines)('the statement of an account on $name', (engine) => {
  let ledger: Ledger;
  const start = Date.parse('2026-03-01T02:00:00Z');
  const total = 20;

  /** Twenty top-ups, five a day, of 1, 2, 3 … 20; the settlement account's slots are written by turns. */
  beforeAll(async () => {
    let now = start;
    const clock = () => new Date(now);
    const businessDate = async () => day(clock().toISOString().slice(0, 10));
    ledger = await ledgerOn(engine, { clock, businessDate, memory: headMemory(clock) });
    await open(
      ledger,
      ...[settlement('S', 3), member('A'), member('none')].map((each) => ({ ...each, openedAt: clock() })),
    );
    for (let index = 0; index < total; index++) {
      now = start + Math.floor(index / 5) * dayMs + (index + 1) * 1000;
      // a process of its own each, which chooses a slot of its own
      await post({ ...ledger, memory: headMemory(clock) }, topUp(`${index}`, 'A', BigInt(index + 1)));
    }
  });

  const up = (from: number, to: number) =>
    Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);
  const date = (text: string): Moment => ({ by: 'accountingDate', value: day(text) });
  const time = (value: string): Moment => ({ by: 'postedAt', value });

  test.each(['A', 'S'])('shows running balances in both orders (%s)', async (name) => {
    for (const order of ['newest', 'oldest'] as const) {
      const { amounts, items, nextCursor } = await list(ledger, name, { order });
      expect(amounts).toEqual(order === 'oldest' ? up(1, total) : up(1, total).reverse());
      expect(items.map(({ balancesAfter }) => Number(balancesAfter.available))).toEqual(
        amounts.map((amount) => (amount * (amount + 1)) / 2),
      );
      expect(nextCursor).toBeNull();
    }
  });

  test.each([
    [{ from: date('2026-03-02'), to: date('2026-03-03') }, up(6, 15)],
    [{ to: date('2026-03-01') }, up(1, 5)],
    [{ from: date('2026-03-04') }, up(16, 20)],
    [{ from: date('2026-02-01'), to: date('2026-02-28') }, []],
    [{ from: date('2026-03-05') }, []],
    [{ from: time('2026-03-01T02:00:03.000Z'), to: time('2026-03-01T02:00:04.000Z') }, up(3, 4)],
    [{ from: time('2026-03-01T02:00:03.001Z'), to: time('2026-03-02T02:00:06.999Z') }, up(4, 6)],
  ])('keeps to the range %j in both orders, page by page', async (range, expected) => {
    for (const name of ['A', 'S']) {
      for (const order of ['newest', 'oldest'] as const) {
        const first = await list(ledger, name, { range, order, limit: 4 });
        const cursor = cursorOf(first.nextCursor);
        const second = cursor ? (await list(ledger, name, { range, order, cursor })).amounts : [];
        expect([...first.amounts, ...second]).toEqual(order === 'oldest' ? expected : expected.toReversed());
      }
    }
  });

  test('is empty for an account without entries', async () => {
    expect(await list(ledger, 'none')).toMatchObject({ items: [], nextCursor: null });
  });

  test('tells what was there at a moment', async () => {
    const then = async (moment: Moment) => {
      const found = await readBalancesAt({ table: ledger.table, timeZone }, 'everyone', { id: accountId('A'), moment });
      return isRefusal(found) ? found.refused : found.balances.available;
    };
    expect(await then(date('2026-02-28'))).toBe(0n);
    expect(await then(date('2026-03-02'))).toBe(55n);
    expect(await then(time('2026-03-01T02:00:02.000Z'))).toBe(3n);
  });
});

describe.each(engines)('reading while others write on $name', (engine) => {
  test.each<StatementOrder>(['newest', 'oldest'])(
    'leaves nothing out and shows nothing twice, %s first',
    async (order) => {
      const clock = () => new Date();
      const ledger = await ledgerOn(engine, { clock, memory: headMemory(clock) });
      await open(ledger, settlement('S', 2), member('A'), member('B'));
      for (let index = 0; index < 6; index++) await post(ledger, topUp(`before ${index}`, 'A', 1n));

      let writing = true;
      const write = async (to: string) => {
        const own = through(ledger, engine.client());
        for (let index = 0; writing; index++) await post(own, topUp(`${to} ${index}`, to, 1n));
      };
      const writers = [write('A'), write('B')];
      const raised = changeAccount(ledger, {
        accountId: accountId('S'),
        operationId: '01JZ8Q4T6M3V9X5B7N1K2R0C8D',
        by: 'operator:test',
        reason: 'hot',
        terms: { slots: 4 },
      });
      const seen: StatementLine[] = [];
      let cursor: EntriesRequest['cursor'];
      do {
        const page = await list(ledger, 'S', { order, limit: 2, cursor, filter: { types: postingTypes } });
        seen.push(...page.items);
        cursor = cursorOf(page.nextCursor);
        if (seen.length >= 20) writing = false;
      } while (cursor);
      writing = false;
      expect(await Promise.all([raised, ...writers])).toMatchObject([{ slots: 4 }, undefined, undefined]);

      // of each chain every number up to some one, once
      for (const slot of new Set(seen.map(({ entry }) => entry.slot))) {
        const numbers = seen.flatMap(({ entry }) => (entry.slot === slot ? entry.seq : []));
        expect(numbers.sort((one, other) => one - other)).toEqual(numbers.map((_, index) => index + 1));
      }
      let balance = 0n;
      for (const { entry, balancesAfter } of order === 'oldest' ? seen : seen.toReversed()) {
        balance += entry.change.available;
        expect(balancesAfter.available).toBe(balance);
      }

      const account = await accountNamed(ledger, 'S');
      const statement = await readStatement({ table: ledger.table, timeZone }, account, { order, range: {} });
      let changes = statement.opening.available;
      for await (const { entry } of statement.lines) changes += entry.change.available;
      expect(changes).toBe(statement.closing.available);
    },
  );
});
