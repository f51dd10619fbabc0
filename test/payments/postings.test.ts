import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { maximumAmount, money, shareOf } from '../../functions/kernel/money.ts';
import { type NewPosting, settlementCompanions } from '../../functions/ledger/index.ts';
import { freezePosting, postingIdOf, releasePosting, successPosting } from '../../functions/payments/postings.ts';
import { bank, memberId, topUp, wallet, withdrawal } from './sample-payments.ts';

const yuan = (amount: bigint) => money(amount, 'CNY');

describe('the postings of a payment', () => {
  test('a top-up credits the member in full, and the institution bears the fee', () => {
    const { pending } = settlementCompanions(wallet.settlementAccountId);
    expect(successPosting(topUp()).legs).toEqual([
      { accountId: pending, balance: 'available', side: 'debit', amount: yuan(9_940n) },
      { accountId: pending, balance: 'fees', side: 'debit', amount: yuan(60n) },
      { accountId: memberId, balance: 'available', side: 'credit', amount: yuan(10_000n) },
    ]);
  });

  test('a withdrawal takes the frozen amount, and the fee comes out of the settlement account', () => {
    const { pending } = settlementCompanions(bank.settlementAccountId);
    expect(successPosting(withdrawal()).legs).toEqual([
      { accountId: memberId, balance: 'frozen', side: 'debit', amount: yuan(10_000n) },
      { accountId: pending, balance: 'fees', side: 'debit', amount: yuan(25n) },
      { accountId: pending, balance: 'available', side: 'credit', amount: yuan(10_025n) },
    ]);
  });

  test('a freeze and its release cancel out', () => {
    const mirrored = { debit: 'credit', credit: 'debit' } as const;
    const freeze = freezePosting(withdrawal());
    const release = releasePosting(withdrawal());
    const byBalance = (posting: NewPosting) => [...posting.legs].sort((a, b) => a.balance.localeCompare(b.balance));
    expect(byBalance(release)).toEqual(byBalance(freeze).map((leg) => ({ ...leg, side: mirrored[leg.side] })));
  });

  test('the same step of a payment is the same posting, and each step another one', () => {
    const { id } = withdrawal();
    expect(successPosting(withdrawal()).id).toBe(postingIdOf(id, 'capture'));
    expect(new Set([freezePosting, releasePosting, successPosting].map((make) => make(withdrawal()).id)).size).toBe(3);
  });

  test('two requests that race for one reference have two freezes', () => {
    const rival = freezePosting(withdrawal({ operationId: 'operation-2' }));
    expect(rival.id).not.toBe(freezePosting(withdrawal()).id);
  });

  test('balance for every amount and rate, and book nothing of zero', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: maximumAmount }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        (amount, basisPoints) => {
          const facts = { amount: yuan(amount) };
          const fee = yuan(shareOf(amount, basisPoints));
          const payment = withdrawal(facts, { ...bank, fee });
          const postings = [
            successPosting(topUp(facts, { ...wallet, fee })),
            freezePosting(payment),
            releasePosting(payment),
            successPosting(payment),
          ];
          for (const { legs } of postings) {
            expect(legs.reduce((sum, leg) => sum + (leg.side === 'debit' ? 1n : -1n) * leg.amount.amount, 0n)).toBe(0n);
            expect(legs.every((leg) => leg.amount.amount > 0n)).toBe(true);
          }
        },
      ),
    );
  });
});
