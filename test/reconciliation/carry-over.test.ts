/** Several days of one merchant number, in which some orders are on one day here and on another one there. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccountingDate, addDays } from '../../functions/kernel/clock.ts';
import { type Carried, carriedKey, elsewhereLine, nearCutOff } from '../../functions/reconciliation/carry-over.ts';
import type { DifferenceFacts } from '../../functions/reconciliation/difference.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { bringTogether, type LeftSides, type PoolChanges } from '../../functions/reconciliation/leftovers.ts';
import type { StagedLine } from '../../functions/reconciliation/shard-rows.ts';
import { netOfTotals } from '../../functions/reconciliation/totals.ts';
import { expectation } from './sample-day.ts';
import { rules } from './staged-day.ts';

const timeZone = 'Asia/Shanghai';
const firstDay = '2026-03-01' as AccountingDate; // a real day
const carryOver = { windowMinutes: 30, days: 1 };
const dayOf = (index: number): AccountingDate => addDays(firstDay, index);

/** A minute before midnight of a day, in the time zone. */
const late = (index: number): Date => new Date(`${dayOf(index)}T23:59:00+08:00`);
const early = (index: number): Date => new Date(`${dayOf(index)}T00:01:00+08:00`);
const noon = (index: number): Date => new Date(`${dayOf(index)}T12:00:00+08:00`);

const lineOf = (order: Expectation, at: Date, facts: Partial<StagedLine> = {}): StagedLine => ({
  lineNumber: 2,
  kind: order.kind,
  ourReference: order.channelOrderNo,
  channelReference: order.channelTradeNo,
  amount: order.amount,
  fee: order.fee,
  currency: 'CNY',
  status: 'succeeded',
  at,
  ...facts,
});

interface DaySides {
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
}

/** The pool as its table keeps it. */
class Pool {
  /** days whose statement is through */
  readonly reconciled = new Set<AccountingDate>();
  private readonly items = new Map<string, Carried>();

  private nameOf(each: Carried): string {
    return `${each.origin} ${each.side} ${carriedKey(each)}`;
  }

  read(): readonly Carried[] {
    return [...this.items.values()].map((each) =>
      each.side === 'own' ? each : { ...each, line: { ...each.line, lineNumber: elsewhereLine } },
    );
  }

  change({ put, claim, release, drop }: PoolChanges, by: AccountingDate): void {
    for (const each of claim) {
      const known = this.items.get(this.nameOf(each));
      if (!known || (known.claimedBy ?? by) !== by) throw new Error('claimed twice');
      this.items.set(this.nameOf(each), { ...known, claimedBy: by });
    }
    for (const each of drop) this.items.delete(this.nameOf(each));
    for (const each of release) this.items.set(this.nameOf(each), { ...each, claimedBy: undefined });
    for (const each of put) this.items.set(this.nameOf(each), each);
  }
}

function conclude(
  pool: Pool,
  index: number,
  sides: DaySides,
  { elsewhere = [], otherDays = new Map() }: Partial<Pick<LeftSides, 'elsewhere' | 'otherDays'>> = {},
) {
  const date = dayOf(index);
  const waiting = { date, timeZone, carryOver, reconciled: new Set(pool.reconciled) };
  const brought = bringTogether({
    ...sides,
    elsewhere,
    otherDays,
    pool: pool.read(),
    arrived: new Set(),
    feesDue: 0n,
    rules,
    waiting,
    version: 1,
  });
  pool.change(brought.changes, date);
  pool.reconciled.add(date);
  return brought;
}

const named = (differences: readonly DifferenceFacts[]) => differences.map(({ type, key }) => `${type} ${key}`).sort();

const nothing: DaySides = { lines: [], expectations: [] };
const order = expectation({ completedAt: late(0) });

describe('an order near the cut-off', () => {
  test('that the channel shows a day later is matched there, and is no difference on either day', () => {
    const pool = new Pool();
    const first = conclude(pool, 0, { lines: [], expectations: [order] });
    expect(first.result.differences).toEqual([]);
    expect(netOfTotals(first.result.ours)).toBe(0n);
    const second = conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
    expect(second.result.differences).toEqual([]);
    expect(second.result.lines.matched).toBe(1);
    expect(netOfTotals(second.result.ours)).toBe(9_940n);
  });

  test('that our books have a day later than the channel is matched there too', () => {
    const pool = new Pool();
    const first = conclude(pool, 0, { lines: [lineOf(order, late(0))], expectations: [] });
    expect(first).toMatchObject({ carriedOut: 1, result: { differences: [], lines: { matched: 0 } } });
    const second = conclude(pool, 1, { lines: [], expectations: [expectation({ completedAt: early(1) })] });
    expect(second).toMatchObject({ carriedIn: 1, result: { differences: [], lines: { matched: 1 } } });
  });

  test('with another amount on the next day is an amount mismatch there, and not missing besides', () => {
    const pool = new Pool();
    conclude(pool, 0, { lines: [], expectations: [order] });
    const line = lineOf(order, early(1), { amount: 9_000n });
    const second = conclude(pool, 1, { lines: [line], expectations: [] });
    expect(named(second.result.differences)).toEqual(['amount_mismatch collection:order-1']);
    expect(conclude(pool, 2, nothing).result.differences).toEqual([]);
  });

  test('that never comes is missing after a day, and tells since when it waited', () => {
    const pool = new Pool();
    conclude(pool, 0, {
      lines: [lineOf(expectation({ channelOrderNo: 'theirs', channelTradeNo: 'x' }), late(0))],
      expectations: [order],
    });
    const second = conclude(pool, 1, nothing);
    expect(named(second.result.differences)).toEqual([
      'missing_at_channel collection:order-1',
      'missing_in_books collection:theirs',
    ]);
    expect(second.result.differences.map(({ carriedFrom }) => carriedFrom)).toEqual([firstDay, firstDay]);
    expect(second.result.differences.every(({ lineNumber }) => lineNumber === undefined)).toBe(true);
    expect(conclude(pool, 2, nothing).result.differences).toEqual([]);
  });

  test('waits no longer on a second run of the day on which it ended', () => {
    const pool = new Pool();
    conclude(pool, 0, { lines: [], expectations: [order] });
    const [once, again] = [conclude(pool, 1, nothing), conclude(pool, 1, nothing)];
    expect(again.result.differences).toEqual(once.result.differences);
  });

  test('is let go where a corrected file of the later day does not show it any more', () => {
    const pool = new Pool();
    conclude(pool, 0, { lines: [], expectations: [order] });
    conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
    expect(named(conclude(pool, 1, nothing).result.differences)).toEqual(['missing_at_channel collection:order-1']);
  });

  test('stays with the day that found it when its own day is run again', () => {
    const pool = new Pool();
    const line = lineOf(order, late(0));
    conclude(pool, 0, { lines: [line], expectations: [] });
    conclude(pool, 1, { lines: [], expectations: [order] });
    const again = conclude(pool, 0, { lines: [line], expectations: [] });
    expect(again).toMatchObject({ carriedOut: 1, result: { differences: [], lines: { matched: 0 } } });
  });

  test('is claimed once, though a corrected file of its own day shows it as well', () => {
    const pool = new Pool();
    conclude(pool, 0, { lines: [], expectations: [order] });
    conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
    const corrected: DaySides = { lines: [lineOf(order, late(0))], expectations: [] };
    const again = conclude(pool, 0, corrected, { elsewhere: [order] });
    const duplicate = { type: 'duplicate', key: 'collection:order-1', paymentId: order.paymentId, shownOn: dayOf(1) };
    expect(again.result.differences).toMatchObject([duplicate]);
    expect(netOfTotals(again.result.ours)).toBe(0n);
  });

  test.each([
    ['our number', {}],
    ["the channel's", { ourReference: '' }],
    ["the channel's, under another one of ours", { ourReference: 'other' }],
  ])(
    'is a duplicate on a further day that shows it again, which tells of the day that has shown it: by %s',
    (_, facts) => {
      const pool = new Pool();
      conclude(pool, 0, { lines: [], expectations: [order] });
      conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
      const otherDays = new Map([[order.channelOrderNo, { day: firstDay, paymentId: order.paymentId }]]);
      const third = conclude(pool, 2, { lines: [lineOf(order, noon(2), facts)], expectations: [] }, { otherDays });
      expect(third.result.differences).toMatchObject([
        { type: 'duplicate', paymentId: order.paymentId, shownOn: dayOf(1), lineNumber: 2, adjustment: 9_940n },
      ]);
      // the day that has shown it finds its own line again
      const again = conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
      expect(again.result).toMatchObject({ differences: [], lines: { matched: 1 } });
    },
  );

  test('that came back is a return again where another day has shown it', () => {
    const pool = new Pool();
    const back = expectation({ kind: 'payout_return', fee: 0n, completedAt: late(0) });
    conclude(pool, 0, { lines: [], expectations: [back] });
    conclude(pool, 1, { lines: [lineOf(back, early(1))], expectations: [] });
    const third = conclude(pool, 2, { lines: [lineOf(back, noon(2))], expectations: [] });
    expect(third.result.differences).toMatchObject([
      { type: 'returned', paymentId: back.paymentId, shownOn: dayOf(1) },
    ]);
  });

  test('is compared as it is now where it failed after it had waited in vain', () => {
    const pool = new Pool();
    conclude(pool, 0, { lines: [], expectations: [order] });
    expect(named(conclude(pool, 1, nothing).result.differences)).toEqual(['missing_at_channel collection:order-1']);
    const failed = { ...order, status: 'failed' as const };
    const corrected: DaySides = { lines: [lineOf(order, early(1))], expectations: [] };
    const again = conclude(pool, 1, corrected, { elsewhere: [failed] });
    expect(named(again.result.differences)).toEqual(['status_mismatch collection:order-1']);
  });

  test('that the file lists twice, alike in all of it, waits once: the other line is a difference, also once the first is found', () => {
    const pool = new Pool();
    const lines = [lineOf(order, late(0)), lineOf(order, late(0), { lineNumber: 3 })];
    const difference = { type: 'missing_in_books', lineNumber: 3, adjustment: 9_940n };
    const expected = { carriedOut: 1, result: { differences: [difference], lines: { matched: 0, differing: 1 } } };
    expect(conclude(pool, 0, { lines: lines.toReversed(), expectations: [] })).toMatchObject(expected);
    const second = conclude(pool, 1, { lines: [], expectations: [expectation({ completedAt: early(1) })] });
    expect(second).toMatchObject({ carriedIn: 1, result: { differences: [], lines: { matched: 1 } } });
    expect(conclude(pool, 0, { lines, expectations: [] })).toMatchObject(expected);
  });

  test('is found on whichever day is reconciled last', () => {
    const pool = new Pool();
    conclude(pool, 1, { lines: [lineOf(order, early(1))], expectations: [] });
    const first = conclude(pool, 0, { lines: [], expectations: [order] });
    expect(first).toMatchObject({ carriedIn: 1, result: { differences: [], lines: { matched: 1 } } });
  });

  test('waits together with the fee that stands on a line of its own', () => {
    const pool = new Pool();
    const own = expectation({ completedAt: early(1) });
    const fee = lineOf(order, noon(0), { kind: 'fee', amount: 0n, fee: 60n, lineNumber: 3 });
    const first = conclude(pool, 0, { lines: [lineOf(order, late(0), { fee: 0n }), fee], expectations: [] });
    expect(first).toMatchObject({ carriedOut: 2, result: { differences: [] } });
    expect(conclude(pool, 1, { lines: [], expectations: [own] })).toMatchObject({
      carriedIn: 2,
      result: { differences: [], lines: { matched: 2 } },
    });
  });
});

describe('what does not wait', () => {
  test('is money in another currency, which no day of this account brings anything for', () => {
    const first = conclude(new Pool(), 0, { lines: [lineOf(order, late(0), { currency: 'USD' })], expectations: [] });
    expect(first).toMatchObject({ carriedOut: 0, result: { differences: [{ type: 'missing_in_books' }] } });
  });

  test('is a line with a date and no time of day, which says nothing of either end', () => {
    const midnight = new Date(`${firstDay}T00:00:00+08:00`);
    const first = conclude(new Pool(), 0, { lines: [lineOf(order, midnight)], expectations: [] });
    expect(first).toMatchObject({ carriedOut: 0, result: { differences: [{ type: 'missing_in_books' }] } });
  });
});

describe('an order in the middle of the day', () => {
  test('is missing at once', () => {
    const pool = new Pool();
    const own = expectation({ channelOrderNo: 'ours', channelTradeNo: 'x', completedAt: noon(0) });
    const first = conclude(pool, 0, { lines: [lineOf(order, noon(0))], expectations: [own] });
    expect(named(first.result.differences)).toEqual([
      'missing_at_channel collection:ours',
      'missing_in_books collection:order-1',
    ]);
  });

  test('waits all the same where our books have it on the day after', () => {
    const otherDays = new Map([['order-1', { day: dayOf(1), paymentId: order.paymentId }]]);
    const first = conclude(new Pool(), 0, { lines: [lineOf(order, noon(0))], expectations: [] }, { otherDays });
    expect(first).toMatchObject({ carriedOut: 1, result: { differences: [] } });
  });

  test('says which payment it is where our books have it weeks away', () => {
    const otherDays = new Map([['order-1', { day: dayOf(20), paymentId: order.paymentId }]]);
    const { result } = conclude(new Pool(), 0, { lines: [lineOf(order, noon(0))], expectations: [] }, { otherDays });
    expect(result.differences).toMatchObject([{ type: 'missing_in_books', paymentId: order.paymentId }]);
  });
});

test('near the cut-off is what lies within the window on either side of midnight in the zone of the channel', () => {
  const ends = [late(0), early(0), noon(0)].map((at) => nearCutOff(at, firstDay, { timeZone, carryOver }));
  expect(ends).toEqual([
    { earlier: false, later: true },
    { earlier: true, later: false },
    { earlier: false, later: false },
  ]);
});

/** Where an order ends up: on which day each side has it, and near which midnight. */
const anyOrder = fc.record({
  ours: fc.integer({ min: 1, max: 4 }),
  shift: fc.constantFrom(-1, 0, 1),
  fate: fc.constantFrom('agrees', 'another amount', 'lost there', 'lost here'),
});

test('over any days, in any order of reconciling, the differences are those that were made, each once, and no money is lost', () => {
  fc.assert(
    fc.property(
      fc.array(anyOrder, { maxLength: 12 }),
      fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      (orders, shuffled, inOrder) => {
        const sides = new Map<number, { lines: StagedLine[]; expectations: Expectation[] }>();
        const at = (index: number) => {
          const known = sides.get(index) ?? { lines: [], expectations: [] };
          sides.set(index, known);
          return known;
        };
        const made: string[] = [];
        for (const [index, { ours, shift, fate }] of orders.entries()) {
          const near = shift < 0 ? early(ours) : late(ours);
          const own = expectation({
            channelOrderNo: `order-${index}`,
            channelTradeNo: `trade-${index}`,
            completedAt: near,
          });
          const theirDay = ours + shift;
          const amount = fate === 'another amount' ? own.amount + 5n : own.amount;
          if (fate !== 'lost here') at(ours).expectations.push(own);
          if (fate !== 'lost there')
            at(theirDay).lines.push(lineOf(own, shift < 0 ? late(theirDay) : near, { amount }));
          const key = `collection:order-${index}`;
          if (fate === 'another amount') made.push(`amount_mismatch ${key}`);
          if (fate === 'lost there') made.push(`missing_at_channel ${key}`);
          if (fate === 'lost here') made.push(`missing_in_books ${key}`);
        }
        const pool = new Pool();
        const results = [0, ...(inOrder ? [1, 2, 3, 4] : shuffled), 5, 6, 7].map((index) =>
          conclude(pool, index, at(index)),
        );
        expect(results.flatMap(({ result }) => named(result.differences)).sort()).toEqual(made.sort());
        for (const { result } of results) {
          const adjusted = result.differences.reduce((sum, { adjustment }) => sum + adjustment, 0n);
          expect(netOfTotals(result.ours) + adjusted).toBe(netOfTotals(result.theirs));
        }
        expect(pool.read().filter(({ claimedBy }) => claimedBy === undefined)).toEqual([]);
      },
    ),
  );
});
