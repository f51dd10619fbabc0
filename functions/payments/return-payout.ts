/** 退票: a payout that had succeeded came back, and its account is credited again. */
import { type AccountingDate, accountingDateAt } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { type Payment, returnIdOf } from './payment.ts';
import { bookedPayment, type ReturnFacts, returnedPayment, returnOfPayout } from './payment-changes.ts';
import { allows } from './payment-states.ts';
import { insertPaymentWrite, readPayment, replacePaymentWrite } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { successPostings } from './postings.ts';
import type { PreparedRepair, RepairRefusal } from './repair-payment.ts';
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
  facts: PayoutReturn,
): Promise<Payment | Refusal<ReturnRefusal>> {
  for (;;) {
    const payout = await readPayment(books.table, facts.payoutId);
    const known = payout?.status === 'returned' ? await readPayment(books.table, returnIdOf(payout.id)) : undefined;
    if (known) return known;
    const made = makeReturn(books, payout, facts);
    if (isRefusal(made)) return made;
    const { returned, writes } = made;
    const committed = await commitChange(books, successPostings(returned), (booked) => writes(booked(returned)));
    if (committed.outcome === 'committed') return committed.change(returned);
    if (committed.outcome === 'refused') throw committed.error;
  }
}

/**
 * The same for whoever keeps the case of a return that nothing was booked for, to be committed with it. 1 read unit.
 *
 * @param channelOrderNo that the return names: of an attempt that was left behind nothing came back
 * @returns `not_repairable`, with what to do instead, for what can't come back, or not so much; also where the return is
 *   booked, which is what a repeat finds
 */
export async function prepareReturn(
  books: PaymentBooks,
  { channelOrderNo, ...facts }: PayoutReturn & { readonly channelOrderNo: string },
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const payout = await readPayment(books.table, facts.payoutId);
  if (payout && payout.channelOrderNo !== channelOrderNo) {
    return refuse('order_superseded', `The payment ${payout.id} goes under another order number by now.`);
  }
  const made = makeReturn(books, payout, facts);
  if (isRefusal(made)) return refuse('not_repairable', `${made.detail} ${instead(payout)}`);
  const { returned, writes } = made;
  return {
    postings: successPostings(returned),
    writes: (booked) => writes(booked.reduce(bookedPayment, returned)),
  };
}

/** What an operator does instead. */
function instead(payout: Payment | undefined): string {
  switch (payout?.status) {
    case 'returned':
      return 'Its return is booked: run the statement again.';
    case 'created':
    case 'processing':
      return 'Wait for its end (await_correction), then run the statement again.';
    case 'failed':
      return 'If it went out after all, complete it first; else credit_account.';
    case 'succeeded':
    case 'refunded':
    case undefined:
      return 'credit_account gives what came back to an account.';
  }
}

function makeReturn(
  books: PaymentBooks,
  payout: Payment | undefined,
  { payoutId, amount, ...facts }: PayoutReturn,
): Refusal<ReturnRefusal> | { readonly returned: Payment; readonly writes: (booked: Payment) => readonly Write[] } {
  if (payout === undefined) return refuse('not_found', 'There is no such payment.');
  if (payout.kind !== 'withdrawal' || !allows(payout.status, 'return')) {
    return refuse('not_returnable', `The ${payout.kind} ${payoutId} is ${payout.status}.`);
  }
  if (payout.amount.amount !== amount) {
    return refuse('amount_mismatch', `${amount} minor units came back of ${payout.amount.amount}.`);
  }
  const at = books.clock();
  const statementDay = facts.statementDay ?? accountingDateAt(facts.returnedAt, books.timeZone);
  return {
    returned: returnOfPayout(payout, { ...facts, at, statementDay }),
    writes: (booked) => [
      replacePaymentWrite(books.table, payout, returnedPayment(payout, { ...facts, at })),
      insertPaymentWrite(books.table, booked),
    ],
  };
}
