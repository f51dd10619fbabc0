import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { type LineMistake, lineMistakes, makeMistakes } from '../../../functions/sandbox/statements/mistakes.ts';
import type { StatementLine } from '../../../functions/sandbox/statements/statement-line.ts';
import { anyDay, collectionA, collectionB, day, merchant, payout } from './sample-lines.ts';

const noon = new Date('2026-11-22T12:00:00+08:00');

function spoilt(mistakes: readonly LineMistake[], lines: readonly StatementLine[] = day) {
  const result = makeMistakes(merchant, lines, { mistakes, noon });
  if (isRefusal(result)) throw new Error(result.detail);
  return result;
}

const linesOf = (lines: readonly StatementLine[], orderNo: string) => lines.filter((line) => line.orderNo === orderNo);

describe('a mistake in a statement', () => {
  test.each<[LineMistake, StatementLine[]]>([
    ['missing_at_channel', []],
    ['amount_mismatch', [{ ...collectionA, amount: 10_100n }]],
    ['fee_mismatch', [{ ...collectionA, fee: 70n }]],
    ['status_mismatch', [{ ...collectionA, status: 'failed' }]],
    ['duplicate', [collectionA, collectionA]],
  ])('%s is made in the first order by number and in no other', (mistake, expected) => {
    const { lines, made } = spoilt([mistake], day.toReversed());
    expect(made).toEqual([{ mistake, orderNo: collectionA.orderNo }]);
    expect(linesOf(lines, collectionA.orderNo)).toEqual(expected);
    expect(lines).toHaveLength(day.length - 1 + expected.length);
  });

  test('missing_in_books adds a collection that nobody sent, the same each time', () => {
    const { lines, made } = spoilt(['missing_in_books', 'missing_in_books']);
    expect(lines).toHaveLength(day.length + 2);
    expect(new Set(made.map(({ orderNo }) => orderNo)).size).toBe(2);
    expect(linesOf(lines, made[0]?.orderNo ?? '')).toMatchObject([
      { kind: 'collection', amount: 8_800n, fee: 22n, currency: 'CNY', completedAt: noon },
    ]);
    expect(spoilt(['missing_in_books', 'missing_in_books'])).toEqual({ lines, made });
  });

  test('returned adds the return of a payout and leaves the payout', () => {
    const { lines, made } = spoilt(['returned'], [collectionB, payout]);
    expect(made).toEqual([{ mistake: 'returned', orderNo: payout.orderNo }]);
    expect(linesOf(lines, payout.orderNo)).toEqual([
      payout,
      { ...payout, kind: 'returned_payout', fee: 0n, tradeNo: expect.stringMatching(/^4200\d{24}$/) },
    ]);
  });

  test('takes an order of its own', () => {
    const { made } = spoilt(['amount_mismatch', 'fee_mismatch', 'duplicate', 'missing_at_channel']);
    expect(made.map(({ orderNo }) => orderNo)).toEqual(['111', '222', '444', '555']);
  });

  test('is refused where no order is left for it', () => {
    expect(makeMistakes(merchant, [collectionA], { mistakes: ['returned'], noon })).toMatchObject({
      refused: 'no_order_for_mistake',
    });
    expect(makeMistakes(merchant, [], { mistakes: ['duplicate'], noon })).toMatchObject({
      refused: 'no_order_for_mistake',
    });
  });

  test('leaves every order alone that it does not name', () => {
    fc.assert(
      fc.property(anyDay, fc.subarray([...lineMistakes]), ({ lines }, mistakes) => {
        const result = makeMistakes(merchant, lines, { mistakes, noon });
        if (isRefusal(result)) return;
        const named = new Set(result.made.map(({ orderNo }) => orderNo));
        const untouched = (all: readonly StatementLine[]) =>
          all.filter((line) => !named.has(line.orderNo)).toSorted((a, b) => Number(a.orderNo) - Number(b.orderNo));
        expect(untouched(result.lines)).toEqual(untouched(lines));
        expect(named.size).toBe(mistakes.length);
      }),
    );
  });
});
