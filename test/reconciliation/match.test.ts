import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DifferenceFacts } from '../../functions/reconciliation/difference.ts';
import { matchLeftovers, matchShard } from '../../functions/reconciliation/match.ts';
import type { StagedLine } from '../../functions/reconciliation/shard-rows.ts';
import { netOfTotals } from '../../functions/reconciliation/totals.ts';
import { anyDay, csvFile, expectation, type Row, rowOf } from './sample-day.ts';
import { reconcile } from './staged-day.ts';

const anyLayout = fc.record({
  shards: fc.integer({ min: 1, max: 7 }),
  rangeBytes: fc.integer({ min: 1, max: 3_000 }),
  chunkBytes: fc.integer({ min: 1, max: 3_000 }),
});

const rules = { currency: 'CNY', fees: 'per_line' } as const;

const simplest = { shards: 1, rangeBytes: 1e6, chunkBytes: 1e6 };

const orderOf = ({ ours, theirs, key }: DifferenceFacts): string =>
  (ours?.channelOrderNo ?? theirs?.ourReference ?? key).replace(/R$/, '');

const named = (differences: readonly DifferenceFacts[]) =>
  differences.map((each) => `${each.type} ${orderOf(each)}`).sort();

const sumOf = (differences: readonly DifferenceFacts[]): bigint =>
  differences.reduce((sum, { adjustment }) => sum + adjustment, 0n);

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

describe('any day with any mistakes', () => {
  test('shows exactly the mistakes that were made, whatever the order of lines, the shards and the byte ranges', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, anyLayout, async ({ expectations, rows, made }, layout) => {
        const { result } = await reconcile(csvFile(rows), expectations, layout);
        expect(named(result.differences)).toEqual(made.map(({ type, orderNo }) => `${type} ${orderNo}`).sort());
      }),
    );
  });

  test('accounts for every line, and ties with the summary of the file', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, anyLayout, async ({ expectations, rows }, layout) => {
        const { file, frame, result } = await reconcile(csvFile(rows), expectations, layout);
        const { matched, differing, ignored } = result.lines;
        const ignoredLines = Object.values(ignored).reduce((sum, count) => sum + count, 0);
        expect(file.read).toBe(rows.length);
        expect(matched + differing + ignoredLines).toBe(rows.length);
        expect(frame.control.lines).toBe(rows.length);
        for (const [name, sum] of Object.entries(frame.control.sums)) expect(file.sums[name] ?? 0n).toBe(sum);
      }),
    );
  });

  test('moves what we booked to what the channel reports', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, anyLayout, async ({ expectations, rows }, layout) => {
        const { result } = await reconcile(csvFile(rows), expectations, layout);
        expect(netOfTotals(result.ours) + sumOf(result.differences)).toBe(netOfTotals(result.theirs));
      }),
    );
  });

  test('completes the payments that the channel shows as done, each once', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, anyLayout, async ({ expectations, rows, completes }, layout) => {
        const { result } = await reconcile(csvFile(rows), expectations, layout);
        const completed = result.completions.map((each) => each.expectation.channelOrderNo);
        expect(completed.sort()).toEqual([...completes].sort());
      }),
    );
  });

  test('gives the same result in one shard and in many', async () => {
    await fc.assert(
      fc.asyncProperty(anyDay, anyLayout, async ({ expectations, rows }, layout) => {
        const [one, many] = await Promise.all(
          [simplest, layout].map(async (each) => (await reconcile(csvFile(rows), expectations, each)).result),
        );
        const sorted = (result: typeof one) =>
          [...(result?.differences ?? [])].sort((left, right) =>
            left.key + left.type < right.key + right.type ? -1 : 1,
          );
        expect(sorted(many)).toEqual(sorted(one));
        expect([many?.ours, many?.theirs, many?.lines]).toEqual([one?.ours, one?.theirs, one?.lines]);
      }),
    );
  });
});

describe('one expectation', () => {
  test('is claimed by one line only: the second is a duplicate', () => {
    const result = matchShard({
      lines: [line(), line({ lineNumber: 3 })],
      expectations: [expectation()],
      rules,
    });
    expect(result.lines).toMatchObject({ matched: 1, differing: 1 });
    expect(result.differences).toMatchObject([{ type: 'duplicate', lineNumber: 3, adjustment: 9_940n }]);
  });

  test('is claimed by the line that agrees best, wherever it stands', () => {
    const wrong = line({ lineNumber: 2, amount: 9_000n });
    const right = line({ lineNumber: 3 });
    const result = matchShard({ lines: [wrong, right], expectations: [expectation()], rules });
    expect(result.differences).toMatchObject([{ type: 'duplicate', lineNumber: 2 }]);
  });

  test('is claimed by one of two lines that know it by the trade number alone', () => {
    const strangers = [line({ ourReference: 'x' }), line({ ourReference: 'y', lineNumber: 3 })];
    const result = matchLeftovers({ lines: strangers, expectations: [expectation()], rules });
    expect(result.lines).toMatchObject({ matched: 1, differing: 1 });
    expect(result.differences).toMatchObject([{ type: 'duplicate', lineNumber: 3 }]);
  });

  test('is not claimed by a refund that names it', () => {
    const refund = line({ kind: 'refund', fee: -60n });
    const { differences, leftLines, leftExpectations } = matchShard({
      lines: [refund],
      expectations: [expectation()],
      rules,
    });
    expect([differences.length, leftLines.length, leftExpectations.length]).toEqual([0, 1, 1]);
  });
});

test('a line shows each of its differences, and none hides another', () => {
  const failed = expectation({ status: 'failed' });
  const { differences, theirs, ours } = matchShard({
    lines: [line({ amount: 9_000n, fee: 70n })],
    expectations: [failed],
    rules,
  });
  expect(differences.map(({ type }) => type)).toEqual(['status_mismatch', 'amount_mismatch', 'fee_mismatch']);
  expect(netOfTotals(ours) + sumOf(differences)).toBe(netOfTotals(theirs));
});

test('amounts that a floating-point number takes for the same differ', () => {
  const [ours, theirs] = [2n ** 53n, 2n ** 53n + 1n];
  const sides = { lines: [line({ amount: theirs })], expectations: [expectation({ amount: ours })] };
  expect(matchShard({ ...sides, rules }).differences).toMatchObject([{ type: 'amount_mismatch', adjustment: 1n }]);
});

describe('a line in another currency', () => {
  test('brings nothing to the account: the whole of what we booked differs', () => {
    const result = matchShard({ lines: [line({ currency: 'USD' })], expectations: [expectation()], rules });
    expect(result.differences).toMatchObject([{ type: 'amount_mismatch', adjustment: -9_940n }]);
  });
});

describe('a revoked line', () => {
  test('takes the payment back, even beside its successful line', () => {
    const result = matchShard({
      lines: [line(), line({ lineNumber: 3, status: 'revoked' })],
      expectations: [expectation()],
      rules,
    });
    expect(result.differences).toMatchObject([{ type: 'status_mismatch', adjustment: -9_940n }]);
    expect(result.lines.ignored).toEqual({ revoked_by_other_line: 1 });
    expect(netOfTotals(result.theirs)).toBe(0n);
  });
});

describe('a line of a refund that is under way', () => {
  test('is ignored by rule, and counted', () => {
    const result = matchShard({
      lines: [
        line({ kind: 'refund', status: 'processing' }),
        line({ kind: 'refund', ourReference: 'x', status: 'failed' }),
      ],
      expectations: [],
      rules,
    });
    expect(result.differences).toEqual([]);
    expect(result.lines.ignored).toEqual({
      processing_moves_no_money: 1,
      failed_moves_no_money: 1,
    });
  });
});

describe('a bad line', () => {
  test('is an error with its number, and the others are matched', async () => {
    const orders = [1, 2, 3].map((number) =>
      expectation({ channelOrderNo: `O${number}`, channelTradeNo: `T${number}` }),
    );
    const rows: Row[] = orders.map(rowOf);
    const [first = '', ...others] = csvFile(rows).split('\r\n').slice(1, 4);
    const text = csvFile(rows, [first, 'no line at all', ...others]);
    const { file, result } = await reconcile(text, orders, { ...simplest, rangeBytes: 60 });
    expect(file.errors).toEqual([{ lineNumber: 3, reason: 'has 1 fields instead of 9', raw: 'no line at all' }]);
    expect(file.read).toBe(4);
    expect(result.lines.matched).toBe(3);
    expect(result.differences).toEqual([]);
  });
});
