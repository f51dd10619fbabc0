import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom } from '../../functions/kernel/ids.ts';
import { settlementCompanions } from '../../functions/ledger/index.ts';
import {
  type DifferenceFacts,
  differenceIdOf,
  differenceLegs,
  differencePostingId,
  digestOf,
  reversalLegs,
  reversalPostingId,
} from '../../functions/reconciliation/difference.ts';
import { differenceTypes } from '../../functions/reconciliation/difference-types.ts';

const settlementAccountId = idFrom('acct', 'settlement');
const { pending, suspense } = settlementCompanions(settlementAccountId);

const anyBooking = fc.record({
  type: fc.constantFrom(...differenceTypes),
  adjustment: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
  settlementAccountId: fc.constant(settlementAccountId),
  currency: fc.constant('CNY' as const),
});

const debits = (legs: ReturnType<typeof differenceLegs>, accountId?: string): bigint =>
  legs
    .filter((leg) => accountId === undefined || leg.accountId === accountId)
    .reduce((sum, { side, amount }) => sum + (side === 'debit' ? amount.amount : -amount.amount), 0n);

describe('the posting of a difference', () => {
  test('balances, and moves the pending balance by the adjustment', () => {
    fc.assert(
      fc.property(anyBooking, (booking) => {
        const legs = differenceLegs(booking);
        expect(debits(legs)).toBe(0n);
        expect(debits(legs, pending)).toBe(booking.adjustment);
        expect(legs.every(({ amount }) => amount.amount > 0n)).toBe(true);
      }),
    );
  });

  test('is undone by its reversal', () => {
    fc.assert(
      fc.property(anyBooking, (booking) => {
        const both = [...differenceLegs(booking), ...reversalLegs(booking)];
        for (const accountId of [pending, ...Object.values(suspense)]) expect(debits(both, accountId)).toBe(0n);
      }),
    );
  });

  test('goes to the suspense account of its type; a duplicate is money that our books lack', () => {
    const legs = differenceLegs({ type: 'duplicate', adjustment: 5n, settlementAccountId, currency: 'CNY' });
    expect(legs.map(({ accountId, side }) => [accountId, side])).toEqual([
      [pending, 'debit'],
      [suspense.missing_in_books, 'credit'],
    ]);
  });

  test('is another one for each version that opens the difference, and so is its reversal', () => {
    const id = idFrom('diff', 'x');
    const ids = [
      differencePostingId(id, 1),
      differencePostingId(id, 2),
      reversalPostingId(id, 1),
      reversalPostingId(id, 2),
    ];
    expect(new Set(ids).size).toBe(4);
  });
});

describe('a difference', () => {
  const ours = { channelOrderNo: 'O1', amount: 100n, fee: 1n, currency: 'CNY', status: 'succeeded' } as const;
  const theirs = {
    ourReference: 'O1',
    channelReference: 'T1',
    amount: 90n,
    fee: 1n,
    currency: 'CNY',
    status: 'succeeded',
  } as const;
  const facts: DifferenceFacts = {
    type: 'amount_mismatch',
    kind: 'collection',
    key: 'collection:O1',
    lineNumber: 7,
    ours,
    theirs,
    adjustment: -10n,
  };

  test('has the same id on every run, and another one for another type, order, day or account', () => {
    const id = differenceIdOf(settlementAccountId, '2026-03-01', facts);
    expect(differenceIdOf(settlementAccountId, '2026-03-01', { ...facts })).toBe(id);
    expect(differenceIdOf(settlementAccountId, '2026-03-02', facts)).not.toBe(id);
    expect(differenceIdOf(idFrom('acct', 'other'), '2026-03-01', facts)).not.toBe(id);
    expect(differenceIdOf(settlementAccountId, '2026-03-01', { ...facts, type: 'fee_mismatch' })).not.toBe(id);
    expect(differenceIdOf(settlementAccountId, '2026-03-01', { ...facts, key: 'collection:O2' })).not.toBe(id);
  });

  test('is the same on another line of a corrected file, but not with another amount', () => {
    expect(digestOf({ ...facts, lineNumber: 8 })).toBe(digestOf(facts));
    expect(digestOf({ ...facts, adjustment: -9n })).not.toBe(digestOf(facts));
  });

  test.each([
    ['amount_mismatch', 'its payment was completed', { ours: { ...ours, status: 'failed' } }],
    [
      'amount_mismatch',
      'the fee was corrected on either side',
      { ours: { ...ours, fee: 9n }, theirs: { ...theirs, fee: 8n } },
    ],
    ['amount_mismatch', 'its line met by another number', { theirs: { ...theirs, ourReference: '' } }],
    ['fee_mismatch', 'its payment was completed', { ours: { ...ours, status: 'failed' } }],
    ['fee_mismatch', 'the amount was corrected', { theirs: { ...theirs, amount: 100n } }],
    ['status_mismatch', 'the channel corrected the amount', { theirs: { ...theirs, amount: 100n } }],
  ] as const)('is the same %s when %s', (type, _, changed) => {
    expect(digestOf({ ...facts, type, ...changed })).toBe(digestOf({ ...facts, type }));
  });

  test.each([
    ['amount_mismatch', 'both amounts', { ours: { ...ours, amount: 101n }, theirs: { ...theirs, amount: 91n } }],
    ['amount_mismatch', 'the currency', { theirs: { ...theirs, currency: 'USD' } }],
    ['fee_mismatch', 'both fees', { ours: { ...ours, fee: 2n }, theirs: { ...theirs, fee: 2n } }],
    ['status_mismatch', 'our amount', { ours: { ...ours, amount: 101n } }],
    ['status_mismatch', 'which side says that it moved', { ours: { ...ours, status: 'failed' } }],
    ['missing_in_books', "the channel's number", { theirs: { ...theirs, channelReference: 'T2' } }],
    ['duplicate', 'its fee', { theirs: { ...theirs, fee: 2n } }],
    ['missing_at_channel', 'our fee', { ours: { ...ours, fee: 2n } }],
  ] as const)('is another %s with another value of %s', (type, _, changed) => {
    expect(digestOf({ ...facts, type, ...changed })).not.toBe(digestOf({ ...facts, type }));
  });
});
