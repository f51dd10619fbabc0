/**
 * How each step of a payment is booked. For an amount A and a channel fee f that the institution bears:
 *
 * | step | debit | credit |
 * | --- | --- | --- |
 * | top_up | settlement pending A − f, its fees f | member available A |
 * | freeze | member available A | member frozen A |
 * | capture | member frozen A, settlement fees f | settlement pending A + f |
 * | release | member frozen A | member available A |
 */
import { type AccountId, idFrom, type PaymentId, type PostingId } from '../kernel/ids.ts';
import { type Money, money } from '../kernel/money.ts';
import { type Leg, type NewPosting, type PostingType, settlementCompanions } from '../ledger/index.ts';
import type { Payment } from './payment.ts';

type Step = 'top_up' | 'freeze' | 'capture' | 'release';

const postingTypes = {
  top_up: 'top_up',
  freeze: 'withdrawal_freeze',
  capture: 'withdrawal_capture',
  release: 'withdrawal_release',
} as const satisfies Record<Step, PostingType>;

/** The same step of the same payment is the same posting, whoever books it, and so is booked once. */
export const postingIdOf = (paymentId: PaymentId, step: Step): PostingId => idFrom('post', paymentId, step);

/** What books a payment's success. */
export function successPosting(payment: Payment): NewPosting {
  const { pending } = settlementCompanions(payment.settlementAccountId);
  const { amount, currency } = payment.amount;
  const fee = payment.fee.amount;
  const charged = legs('fees', 'debit', pending, payment.fee);
  if (payment.kind === 'top_up') {
    return posting(payment, 'top_up', [
      ...legs('available', 'debit', pending, money(amount - fee, currency)),
      ...charged,
      ...legs('available', 'credit', payment.accountId, payment.amount),
    ]);
  }
  return posting(payment, 'capture', [
    ...legs('frozen', 'debit', payment.accountId, payment.amount),
    ...charged,
    ...legs('available', 'credit', pending, money(amount + fee, currency)),
  ]);
}

/** Puts a withdrawal's amount aside before the channel is asked. */
export const freezePosting = (payment: Payment): NewPosting => ({
  ...posting(payment, 'freeze', [
    ...legs('available', 'debit', payment.accountId, payment.amount),
    ...legs('frozen', 'credit', payment.accountId, payment.amount),
  ]),
  // of two requests with one reference each has its own freeze, and the payment's own condition lets one of them through
  id: idFrom('post', payment.id, 'freeze', payment.operationId),
});

/** Gives the amount of a failed withdrawal back. */
export const releasePosting = (payment: Payment): NewPosting =>
  posting(payment, 'release', [
    ...legs('frozen', 'debit', payment.accountId, payment.amount),
    ...legs('available', 'credit', payment.accountId, payment.amount),
  ]);

const posting = (payment: Payment, step: Step, all: readonly Leg[]): NewPosting => ({
  id: postingIdOf(payment.id, step),
  type: postingTypes[step],
  transactionId: payment.id,
  legs: all,
});

/** One leg, or none where there is nothing to book: an amount of one 分 carries no fee. */
const legs = (balance: Leg['balance'], side: Leg['side'], accountId: AccountId, amount: Money): readonly Leg[] =>
  amount.amount === 0n ? [] : [{ accountId, balance, side, amount }];
