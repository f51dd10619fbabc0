/** 退票: a payout that had succeeded came back, and its account is credited again. */
import { type AccountingDate, accountingDateAt } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { type Payment, returnIdOf } from './payment.ts';
import { type ReturnFacts, returnedPayment, returnOfPayout } from './payment-changes.ts';
import { allows } from './payment-states.ts';
import { insertPaymentWrite, readPayment, replacePaymentWrite } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { successPostings } from './postings.ts';
import { commitChange } from './settle-payment.ts';

export type ReturnRefusal = 'not_found' | 'not_returnable' | 'amount_mismatch';

export interface PayoutReturn extends Omit<ReturnFacts, 'at'> {
  readonly payoutId: PaymentId;
  /** minor units that came back; a payout comes back whole */
  readonly amount: bigint;
  /** the day of the statement that tells of it; else the day on which it came back */
  readonly statementDay?: AccountingDate;
}

/**
 * One transaction: the payout is `returned`, the return is an object of its own, and the account has the money. Told
 * again, it changes nothing. An institution keeps the channel's fee: it is for the payout.
 *
 * @returns the return; `not_returnable` for a payment that is no payout or has not succeeded
 */
export async function returnPayout(
  books: PaymentBooks,
  { payoutId, amount, ...facts }: PayoutReturn,
): Promise<Payment | Refusal<ReturnRefusal>> {
  for (;;) {
    const payout = await readPayment(books.table, payoutId);
    if (payout === undefined) return refuse('not_found', 'There is no such payment.');
    const known = payout.status === 'returned' ? await readPayment(books.table, returnIdOf(payoutId)) : undefined;
    if (known) return known;
    if (payout.kind !== 'withdrawal' || !allows(payout.status, 'return')) {
      return refuse('not_returnable', `The ${payout.kind} ${payoutId} is ${payout.status}.`);
    }
    if (payout.amount.amount !== amount) {
      return refuse('amount_mismatch', `${amount} minor units came back of ${payout.amount.amount}.`);
    }
    const at = books.clock();
    const statementDay = facts.statementDay ?? accountingDateAt(facts.returnedAt, books.timeZone);
    const returned = returnOfPayout(payout, { ...facts, at, statementDay });
    const committed = await commitChange(books, successPostings(returned), (booked) => [
      replacePaymentWrite(books.table, payout, returnedPayment(payout, { ...facts, at })),
      insertPaymentWrite(books.table, booked(returned)),
    ]);
    if (committed.outcome === 'committed') return committed.change(returned);
    if (committed.outcome === 'refused') throw committed.error;
  }
}
