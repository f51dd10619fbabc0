/** Orders that stand as several lines, several orders that stand as one line, and fees apart from what they were charged for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { matchDailyFees } from '../../functions/reconciliation/daily-fees.ts';
import type { DifferenceFacts } from '../../functions/reconciliation/difference.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { matchLeftovers, matchShard, standAlone } from '../../functions/reconciliation/match.ts';
import { type MatchResult, mergeResults } from '../../functions/reconciliation/match-result.ts';
import type { MatchRules } from '../../functions/reconciliation/match-rules.ts';
import type { StagedLine } from '../../functions/reconciliation/shard-rows.ts';
import { netOfTotals } from '../../functions/reconciliation/totals.ts';
import { expectation } from './sample-day.ts';
import { rules } from './staged-day.ts';

const line = (facts: Partial<StagedLine> = {}): StagedLine => ({
  lineNumber: 2,
  kind: 'collection',
  ourReference: 'order-1',
  channelReference: 'trade-1',
  amount: 10_000n,
  fee: 60n,
  currency: 'CNY',
  status: 'succeeded',
  at: new Date('2026-03-01T02:15:30Z'),
  ...facts,
});

/** A whole day in one shard, from which nothing waits. */
function match(
  lines: readonly StagedLine[],
  expectations: readonly Expectation[],
  by: MatchRules = rules,
): MatchResult {
  const shard = matchShard({ lines, expectations, rules: by });
  const left = matchLeftovers({ lines: shard.leftLines, expectations: shard.leftExpectations, rules: by });
  const fees = matchDailyFees(left.leftLines, { feesDue: shard.feesDue + left.feesDue, rules: by });
  const alone = standAlone({ lines: fees.leftLines, expectations: left.leftExpectations, rules: by });
  return mergeResults([shard, left, fees, alone]);
}

const types = (differences: readonly DifferenceFacts[]) => differences.map(({ type }) => type);

function expectTied({ ours, theirs, differences }: MatchResult): void {
  const adjusted = differences.reduce((sum, { adjustment }) => sum + adjustment, 0n);
  expect(netOfTotals(ours) + adjusted).toBe(netOfTotals(theirs));
}

const refund = expectation({ kind: 'refund', fee: -60n });

describe('a refund that the channel paid back in parts', () => {
  const parts = [3_000n, 3_000n, 4_000n].map((amount, index) =>
    line({ kind: 'refund', amount, fee: -20n, lineNumber: index + 2, channelReference: `part-${index}` }),
  );

  test('matches as their sum', () => {
    const result = match(parts, [refund]);
    expect(result).toMatchObject({ differences: [], lines: { matched: 3 } });
    expectTied(result);
  });

  test('with a part that is listed twice has one duplicate', () => {
    const result = match([...parts, line({ ...parts[0], lineNumber: 9 })], [refund]);
    expect(result).toMatchObject({
      differences: [{ type: 'duplicate', lineNumber: 9 }],
      lines: { matched: 3, differing: 1 },
    });
    expectTied(result);
  });

  test('and lacks a part, does not match', () => {
    const result = match(parts.slice(0, 2), [refund]);
    expect(types(result.differences)).toContain('amount_mismatch');
    expectTied(result);
  });
});

describe('refunds of one payment, of which the file shows the number', () => {
  const shown = { kind: 'refund', ourReference: '', channelReference: 'paid' } as const;
  const sent = (amount: bigint, index: number) =>
    expectation({ kind: 'refund', channelOrderNo: `r${index}`, channelTradeNo: 'paid', amount, fee: -amount / 100n });
  const listed = (amount: bigint, index: number) => [
    line({ ...shown, amount, fee: 0n, lineNumber: 2 * index + 2 }),
    line({ ...shown, kind: 'fee', amount: 0n, fee: -amount / 100n, lineNumber: 2 * index + 3 }),
  ];
  const amounts = fc.uniqueArray(fc.bigInt({ min: 100n, max: 100_000n }), { minLength: 1, maxLength: 6 });

  test('match line by line, in whatever order', () => {
    fc.assert(
      fc.property(
        amounts.chain((each) => fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length }))),
        ([ours, theirs]) => {
          const result = match(theirs.flatMap(listed), ours.map(sent));
          expect(result).toMatchObject({ differences: [], lines: { matched: 2 * ours.length } });
          expectTied(result);
        },
      ),
    );
  });

  test('that lack one say so of that one', () => {
    const result = match([5_000n, 9_000n].flatMap(listed), [5_000n, 7_000n, 9_000n].map(sent));
    expect(result.differences).toMatchObject([{ type: 'missing_at_channel', key: 'refund:r1' }]);
    expectTied(result);
  });

  test('of which one has another amount have one mismatch', () => {
    const result = match([5_000n, 7_100n, 9_000n].flatMap(listed), [5_000n, 7_000n, 9_000n].map(sent));
    expect(result.differences).toMatchObject([
      { type: 'amount_mismatch', key: 'refund:r1' },
      { type: 'fee_mismatch', key: 'refund:r1' },
    ]);
    expectTied(result);
  });

  test('of which one is listed twice have one duplicate', () => {
    const result = match([5_000n, 9_000n, 9_000n].flatMap(listed), [5_000n, 9_000n].map(sent));
    expect(result.differences).toMatchObject([{ type: 'duplicate' }]);
    expectTied(result);
  });

  test('of one amount match each its own line', () => {
    const result = match([5_000n, 5_000n].flatMap(listed), [5_000n, 5_000n].map(sent));
    expect(result).toMatchObject({ differences: [], lines: { matched: 4 } });
  });
});

describe('payouts that were sent as one batch', () => {
  const payouts = [5_000n, 7_000n, 9_000n].map((amount, index) =>
    expectation({
      kind: 'payout',
      channelOrderNo: `p${index}`,
      channelTradeNo: '',
      amount,
      fee: 10n,
      batchReference: 'BATCH',
    }),
  );
  const whole = line({ kind: 'payout', ourReference: 'BATCH01', channelReference: 'b', amount: 21_000n, fee: 30n });

  test('match the one line of their sum', () => {
    const result = match([whole], payouts);
    expect(result).toMatchObject({ differences: [], lines: { matched: 1 }, ours: { payout: { count: 3 } } });
    expectTied(result);
  });

  test('match the lines of the parts in which the batch was sent', () => {
    const halves = [12_000n, 9_000n].map((amount, index) =>
      line({
        ...whole,
        ourReference: `BATCH0${index + 1}`,
        channelReference: `b${index}`,
        amount,
        fee: 15n,
        lineNumber: index + 2,
      }),
    );
    expect(match(halves, payouts)).toMatchObject({ differences: [], lines: { matched: 2 } });
  });

  test('match singly where the channel lists them singly', () => {
    const singly = payouts.map(({ channelOrderNo, amount }, index) =>
      line({
        kind: 'payout',
        ourReference: channelOrderNo,
        channelReference: `s${index}`,
        amount,
        fee: 10n,
        lineNumber: index + 2,
      }),
    );
    expect(match(singly, payouts)).toMatchObject({ differences: [], lines: { matched: 3 } });
  });

  test('differ as a whole where the sum is another', () => {
    const result = match([{ ...whole, amount: 20_000n }], payouts);
    expect(result.differences).toMatchObject([{ type: 'amount_mismatch', key: 'payout:BATCH', adjustment: 1_000n }]);
    expectTied(result);
  });

  test('are completed where the sum has those that are still open in it, and stay open where it has not', () => {
    const open = payouts.map((each, index) => (index === 2 ? { ...each, status: 'processing' as const } : each));
    expect(match([whole], open).completions.map(({ paymentId }) => paymentId)).toEqual([payouts[2]?.paymentId]);
    const without = match([{ ...whole, amount: 12_000n, fee: 20n }], open);
    expect(without).toMatchObject({ differences: [], completions: [], stillOpen: 1 });
  });
});

describe('a fee on a line of its own', () => {
  test("is compared as its order's", () => {
    const fee = line({ kind: 'fee', amount: 0n, fee: 60n, lineNumber: 3 });
    expect(match([line({ fee: 0n }), fee], [expectation()])).toMatchObject({ differences: [], lines: { matched: 2 } });
    const result = match([line({ fee: 0n }), { ...fee, fee: 70n }], [expectation()]);
    expect(result.differences).toMatchObject([{ type: 'fee_mismatch', adjustment: -10n }]);
    expectTied(result);
  });

  test('that is given back belongs to the refund', () => {
    const lines = [line({ kind: 'refund', fee: 0n }), line({ kind: 'fee', amount: 0n, fee: -60n, lineNumber: 3 })];
    expect(match(lines, [refund])).toMatchObject({ differences: [], lines: { matched: 2 } });
  });

  test('of an order that we do not know comes with it, and of no order is a difference of its own', () => {
    const fee = line({ kind: 'fee', amount: 0n, fee: 60n, lineNumber: 3 });
    const unknown = match([line({ fee: 0n }), fee], []);
    expect(unknown.differences).toMatchObject([{ type: 'missing_in_books', adjustment: 9_940n }]);
    expectTied(unknown);
    const alone = match([{ ...fee, ourReference: '' }], []);
    expect(alone.differences).toMatchObject([{ type: 'fee_mismatch', adjustment: -60n }]);
    expectTied(alone);
  });

  test('is charged all the same where its order was not carried out, or in another currency than it', () => {
    const fee = line({ kind: 'fee', amount: 0n, fee: 60n, lineNumber: 3 });
    for (const expectations of [[], [expectation({ status: 'failed' })], [expectation({ status: 'processing' })]]) {
      const failed = match([line({ status: 'failed', fee: 0n }), fee], expectations);
      expect(failed.differences).toMatchObject([{ type: 'fee_mismatch', lineNumber: 3, adjustment: -60n }]);
      expectTied(failed);
    }
    const foreign = match([line(), { ...fee, currency: 'USD' }], [expectation()]);
    expect(foreign.differences).toMatchObject([{ type: 'fee_mismatch', lineNumber: 3, adjustment: 0n }]);
    expectTied(foreign);
    const unknown = match([line(), { ...fee, currency: 'USD' }], []);
    expect(types(unknown.differences).sort()).toEqual(['fee_mismatch', 'missing_in_books']);
    expectTied(unknown);
  });
});

describe('a fee on a line of its own, of an order that is listed twice', () => {
  const moved = (lineNumber: number, facts: Partial<StagedLine> = {}) => line({ fee: 0n, lineNumber, ...facts });
  const charge = (lineNumber: number, facts: Partial<StagedLine> = {}) =>
    line({ kind: 'fee', amount: 0n, fee: 60n, lineNumber, ...facts });

  test.each([
    ['behind each line', [moved(2), charge(3), moved(4), charge(5)]],
    ['behind all lines', [moved(2), moved(3), charge(4), charge(5)]],
    ['before each line', [charge(2), moved(3), charge(4), moved(5)]],
    [
      'in two shares behind each',
      [
        moved(2),
        charge(3, { fee: 50n }),
        charge(4, { fee: 10n }),
        moved(5),
        charge(6, { fee: 50n }),
        charge(7, { fee: 10n }),
      ],
    ],
    [
      'by the number of each',
      [
        moved(2, { channelReference: 'a' }),
        moved(3, { channelReference: 'b' }),
        charge(4, { channelReference: 'b' }),
        charge(5, { channelReference: 'a' }),
      ],
    ],
  ])('is a part of the duplicate, which alone differs: %s', (_, lines) => {
    const result = match(lines, [expectation()]);
    expect(result.differences).toMatchObject([{ type: 'duplicate', adjustment: 9_940n }]);
    expect(result.lines).toMatchObject({ matched: lines.length / 2, differing: lines.length / 2 });
    expectTied(result);
  });

  test.each([
    ['the first', [moved(2), charge(3), moved(4)], 4],
    ['the second', [moved(2), moved(3), charge(4)], 2],
    ['the first in two shares', [moved(2), charge(3, { fee: 50n }), charge(4, { fee: 10n }), moved(5)], 5],
  ])('makes the other line the duplicate where only one is charged: %s', (_, lines, duplicate) => {
    const result = match(lines, [expectation()]);
    expect(result.differences).toMatchObject([{ type: 'duplicate', lineNumber: duplicate, adjustment: 10_000n }]);
    expectTied(result);
  });
});

describe('a fee on a line of its own, of an order whose line is missing or can not be read', () => {
  const fee = line({ kind: 'fee', amount: 0n, fee: 60n, lineNumber: 3 });

  test.each([
    ['our number', fee],
    ["the channel's", { ...fee, ourReference: '' }],
  ])('agrees with what we booked as fee, and the order is missing without it: by %s', (_, shown) => {
    const result = match([shown], [expectation()]);
    expect(result.differences).toMatchObject([{ type: 'missing_at_channel', adjustment: -10_000n, ours: { fee: 0n } }]);
    expect(result.lines).toMatchObject({ matched: 1, differing: 0 });
    expectTied(result);
  });

  test('differs where it is another one', () => {
    const result = match([{ ...fee, fee: 70n }], [expectation()]);
    expect(result.differences).toMatchObject([
      { type: 'fee_mismatch', lineNumber: 3, adjustment: -10n },
      { type: 'missing_at_channel', adjustment: -10_000n },
    ]);
    expectTied(result);
  });

  test('that is given back is compared with the refund', () => {
    const result = match([{ ...fee, fee: -60n }], [refund]);
    expect(result.differences).toMatchObject([{ type: 'missing_at_channel', kind: 'refund', adjustment: 10_000n }]);
    expectTied(result);
  });
});

describe('a channel that charges a day in one sum', () => {
  const daily: MatchRules = { currency: 'CNY', fees: 'daily_total' };
  const orders = [1, 2, 3].map((number) => expectation({ channelOrderNo: `o${number}`, channelTradeNo: `t${number}` }));
  const lines = orders.map((order, index) =>
    line({
      ourReference: order.channelOrderNo,
      channelReference: order.channelTradeNo,
      fee: 0n,
      lineNumber: index + 2,
    }),
  );
  const charge = line({ kind: 'fee', ourReference: '', channelReference: 'day', amount: 0n, fee: 180n, lineNumber: 9 });

  test('is held to the sum of what its orders should cost', () => {
    const result = match([...lines, charge], orders, daily);
    expect(result).toMatchObject({ differences: [], lines: { matched: 4 } });
    expectTied(result);
  });

  test('has one fee difference where the sum is another, or is not there', () => {
    for (const charges of [[{ ...charge, fee: 200n }], []]) {
      const result = match([...lines, ...charges], orders, daily);
      expect(result.differences).toMatchObject([{ type: 'fee_mismatch', key: 'fee:daily' }]);
      expectTied(result);
    }
  });

  test('is held to what payouts of a batch should cost, too', () => {
    const payouts = [1, 2, 3].map((number) =>
      expectation({ kind: 'payout', channelOrderNo: `p${number}`, channelTradeNo: '', batchReference: 'BATCH' }),
    );
    const whole = line({ kind: 'payout', ourReference: 'BATCH', channelReference: 'b', amount: 30_000n, fee: 0n });
    const result = match([whole, charge], payouts, daily);
    expect(result).toMatchObject({ differences: [], lines: { matched: 2 } });
    expectTied(result);
  });

  test('ties where a payment failed here and not there', () => {
    const failed = orders.map((order, index) => (index === 0 ? { ...order, status: 'failed' as const } : order));
    const result = match([...lines, charge], failed, daily);
    expect(result.differences).toMatchObject([{ type: 'status_mismatch', adjustment: 9_940n }]);
    expectTied(result);
  });
});

test('what went to our own bank account is taken out by rule, and kept for the arrival check', () => {
  const settlement = line({ kind: 'settlement', ourReference: '', channelReference: 'po_1', fee: 0n });
  const result = match([settlement], []);
  expect(result).toMatchObject({
    differences: [],
    lines: { ignored: { settled_to_bank: 1 } },
    settlements: [settlement],
  });
});

test('whatever is split, listed twice or charged apart, every line is accounted for and the sums tie', () => {
  const anyOrder = fc.record({
    amount: fc.bigInt({ min: 2n, max: 1_000n }),
    split: fc.integer({ min: 1, max: 4 }),
    again: fc.boolean(),
    feeApart: fc.boolean(),
    known: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 8 }), (orders) => {
      const expectations: Expectation[] = [];
      const lines: StagedLine[] = [];
      for (const [index, { amount, split, again, feeApart, known }] of orders.entries()) {
        const order = expectation({ channelOrderNo: `o${index}`, channelTradeNo: `t${index}`, amount, fee: 6n });
        if (known) expectations.push(order);
        const count = Math.min(split, Number(amount));
        for (let part = 0; part < count; part++) {
          const share = part === 0 ? amount - BigInt(count - 1) : 1n;
          const fee = !feeApart && part === 0 ? 6n : 0n;
          const facts = { ourReference: `o${index}`, channelReference: `t${index}-${part}`, amount: share, fee };
          lines.push(line({ ...facts, lineNumber: lines.length + 2 }));
        }
        if (again)
          lines.push(
            line({
              ourReference: `o${index}`,
              channelReference: `t${index}-0`,
              amount: 1n,
              fee: 0n,
              lineNumber: lines.length + 2,
            }),
          );
        if (feeApart)
          lines.push(
            line({ kind: 'fee', ourReference: `o${index}`, amount: 0n, fee: 6n, lineNumber: lines.length + 2 }),
          );
      }
      const result = match(lines, expectations);
      const ignored = Object.values(result.lines.ignored).reduce((sum, count) => sum + count, 0);
      expect(result.lines.matched + result.lines.differing + ignored).toBe(lines.length);
      expectTied(result);
    }),
  );
});
