import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { maximumMovedAmount, money, shareOf } from '../../functions/kernel/money.ts';
import { type NewPosting, netLegs, settlementCompanions } from '../../functions/ledger/index.ts';
import type { Charge, Payment } from '../../functions/payments/payment.ts';
import { returnOfPayout, succeedPayment } from '../../functions/payments/payment-changes.ts';
import {
  freezePosting,
  frozenOf,
  postingIdOf,
  releasePosting,
  successPostings,
} from '../../functions/payments/postings.ts';
import { bank, refund, topUp, topUpFacts, wallet, withdrawal } from './sample-payments.ts';

const yuan = (amount: bigint) => money(amount, 'CNY');
const day = '2026-03-02' as AccountingDate; // a real day

/** Each leg as `debit account.balance amount`, with accounts by their role. */
function booked({ legs }: NewPosting, { accountId, settlementAccountId }: Payment): string[] {
  const roles = new Map<string, string>([
    [accountId, 'member'],
    ...Object.entries(settlementCompanions(settlementAccountId)).map(([role, id]): [string, string] => [id, role]),
  ]);
  return legs.map((leg) => `${leg.side} ${roles.get(leg.accountId)} ${leg.balance} ${leg.amount.amount}`);
}

const bookedBy = (payment: Payment) => successPostings(payment).map((each) => [each.type, ...booked(each, payment)]);

const returned = (payout = withdrawal()): Payment => {
  const at = topUpFacts.createdAt;
  const change = { at, source: 'callback', statementDay: day } as const;
  const done = succeedPayment(payout, { channelTradeNo: 'T', completedAt: at }, change);
  return returnOfPayout(done, { ...change, channelTradeNo: 'R', returnedAt: at });
};

const charges: readonly Charge[] = [
  { amount: 7n, payer: 'member' },
  { amount: 9n, payer: 'institution' },
];

describe('the postings of a payment', () => {
  test('a top-up credits the member in full, and the institution bears the fee', () => {
    expect(bookedBy(topUp())).toEqual([
      ['top_up', 'debit pending available 9940', 'debit pending fees 60', 'credit member available 10000'],
    ]);
  });

  test('a withdrawal takes the frozen amount, and the fee comes out of the settlement account', () => {
    expect(bookedBy(withdrawal())).toEqual([
      ['withdrawal_capture', 'debit member frozen 10000', 'debit pending fees 25', 'credit pending available 10025'],
    ]);
  });

  test('a refund takes the frozen amount, and a fee that the channel gives back stays at the channel', () => {
    expect(bookedBy(refund())).toEqual([
      ['refund_capture', 'debit member frozen 5000', 'credit pending fees 30', 'credit pending available 4970'],
    ]);
    expect(bookedBy({ ...refund(), fee: yuan(0n) })).toEqual([
      ['refund_capture', 'debit member frozen 5000', 'credit pending available 5000'],
    ]);
    expect(bookedBy({ ...refund(), fee: yuan(10n) })).toEqual([
      ['refund_capture', 'debit member frozen 5000', 'debit pending fees 10', 'credit pending available 5010'],
    ]);
  });

  test('a flat fee that is more than the amount leaves the settlement account with less than before', () => {
    const small = { amount: yuan(500n), fee: yuan(1_000n) };
    expect(bookedBy({ ...topUp(), ...small })).toEqual([
      ['top_up', 'credit pending available 500', 'debit pending fees 1000', 'credit member available 500'],
    ]);
    expect(bookedBy({ ...refund(), amount: yuan(500n), fee: yuan(-1_000n) })).toEqual([
      ['refund_capture', 'debit member frozen 500', 'credit pending fees 1000', 'debit pending available 500'],
    ]);
    for (const posting of successPostings({ ...topUp(), ...small })) expect(() => netLegs(posting)).not.toThrow();
  });

  test('a return gives the member the whole amount back, and no fee', () => {
    expect(bookedBy(returned())).toEqual([
      ['payout_return', 'debit pending available 10000', 'credit member available 10000'],
    ]);
  });

  test('a charge is a posting of its own for each who pays: the member from what came, the institution on account', () => {
    const [, ...charged] = bookedBy(topUp({ charges }));
    expect(charged).toEqual([
      ['payment_charge', 'debit member available 7', 'credit feeIncome available 7'],
      ['payment_charge', 'debit feesReceivable available 9', 'credit feeIncome available 9'],
    ]);
  });

  test('a charge that the member pays for a withdrawal is frozen with it, and released with it', () => {
    const payment = withdrawal({ charges });
    expect(frozenOf(payment)).toEqual(yuan(10_007n));
    expect(booked(freezePosting(payment), payment)).toEqual([
      'debit member available 10007',
      'credit member frozen 10007',
    ]);
    const [capture, charge] = bookedBy(payment);
    expect(capture).toContain('debit member frozen 10000');
    expect(charge).toEqual(['payment_charge', 'debit member frozen 7', 'credit feeIncome available 7']);
  });

  test.each([
    ['withdrawal', withdrawal({ charges })],
    ['refund', refund()],
  ])('a freeze of a %s and its release cancel out', (kind, payment) => {
    const [freeze, release] = [freezePosting(payment), releasePosting(payment)];
    expect([freeze.type, release.type]).toEqual([`${kind}_freeze`, `${kind}_release`]);
    const mirrored = { debit: 'credit', credit: 'debit' } as const;
    const byBalance = (posting: NewPosting) => [...posting.legs].sort((a, b) => a.balance.localeCompare(b.balance));
    expect(byBalance(release)).toEqual(byBalance(freeze).map((leg) => ({ ...leg, side: mirrored[leg.side] })));
  });

  test('the same step of a payment is the same posting, and each step another one', () => {
    const payment = withdrawal({ charges });
    const postings = [freezePosting(payment), releasePosting(payment), ...successPostings(payment)];
    expect(successPostings(payment)[0]?.id).toBe(postingIdOf(payment.id, 'success'));
    expect(new Set(postings.map(({ id }) => id)).size).toBe(5);
    expect(postings.every(({ transactionId }) => transactionId === payment.id)).toBe(true);
    expect(successPostings(returned())[0]?.id).not.toBe(successPostings(withdrawal())[0]?.id);
  });

  test('two requests that race for one reference have two freezes', () => {
    const rival = freezePosting(withdrawal({ operationId: 'operation-2' }));
    expect(rival.id).not.toBe(freezePosting(withdrawal()).id);
  });

  test('balance for every kind, amount, rate and charge, book nothing of zero, and leave nothing frozen', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: maximumMovedAmount }),
        fc.bigInt({ min: 0n, max: 10_000n }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        fc.bigInt({ min: 0n, max: 1_000n }),
        (amount, basisPoints, byMember, byInstitution) => {
          const all: Charge[] = [
            { amount: byMember, payer: 'member' },
            { amount: byInstitution, payer: 'institution' },
          ];
          const facts = { amount: yuan(amount), charges: all.filter((each) => each.amount > 0n) };
          const fee = yuan(shareOf(amount, basisPoints));
          const payout = withdrawal(facts, { ...bank, fee });
          const back = { ...refund({ amount: yuan(amount) }), fee: yuan(-fee.amount) };
          const payments = [topUp(facts, { ...wallet, fee }), payout, back, returned(payout)];
          for (const payment of payments) {
            const frozen = payment.kind === 'withdrawal' || payment.kind === 'refund' ? [freezePosting(payment)] : [];
            const succeeded = [...frozen, ...successPostings(payment)];
            for (const posting of [...succeeded, releasePosting(payment)]) {
              netLegs(posting); // throws for what does not balance, or moves nothing
              expect(posting.legs.every((leg) => leg.amount.amount > 0n)).toBe(true);
            }
            const signs = { debit: -1n, credit: 1n };
            const held = succeeded
              .flatMap(({ legs }) => legs)
              .filter((leg) => leg.balance === 'frozen')
              .reduce((sum, leg) => sum + signs[leg.side] * leg.amount.amount, 0n);
            expect(held).toBe(0n);
          }
        },
      ),
    );
  });
});
