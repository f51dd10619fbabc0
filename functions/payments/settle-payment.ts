/** Brings a payment to its end: one transaction holds the change of state and its posting, so that both happen or none. */
import type { ChannelResult } from '../channels/index.ts';
import { type AccountingDate, accountingDateAt } from '../kernel/clock.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { type NewPosting, postGuardedBy } from '../ledger/index.ts';
import {
  bookedPayment,
  type ChangeSource,
  type FailureCode,
  failPayment,
  type Payment,
  succeedPayment,
} from './payment.ts';
import { allows } from './payment-states.ts';
import { readPayment, replacePayment, replacePaymentWrite } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { releasePosting, successPosting } from './postings.ts';

export type FinalResult = Exclude<ChannelResult, { outcome: 'unknown' }>;

export interface Settlement {
  readonly source: ChangeSource;
  /** what a refusal means: the channel's own no, or that it never had the order */
  readonly failureCode?: FailureCode;
  /** the day of the statement that claims the payment; without one, the day of completion is expected to tell of it */
  readonly statementDay?: AccountingDate;
}

/**
 * Books what a channel said and answers the payment as it then is. Whoever comes second (a request, the follow-up and
 * the statement may race) changes nothing and gets what the first one made.
 *
 * A top-up's success costs one transaction of five items, a withdrawal's end one of five or three.
 *
 * @throws Error when the ledger refuses: what a channel has done can't be refused any more, so that is for people.
 */
export function settlePayment(
  books: PaymentBooks,
  payment: Payment,
  result: FinalResult,
  settlement: Settlement,
): Promise<Payment> {
  if (!allows(payment.status, 'succeed')) return Promise.resolve(payment);
  return result.outcome === 'succeeded'
    ? bookSuccess(books, payment, result, settlement)
    : bookFailure(books, payment, result, settlement);
}

async function bookSuccess(
  books: PaymentBooks,
  payment: Payment,
  result: Extract<FinalResult, { outcome: 'succeeded' }>,
  settlement: Settlement,
): Promise<Payment> {
  const statementDay = settlement.statementDay ?? accountingDateAt(result.completedAt, books.timeZone);
  const change = { at: books.clock(), source: settlement.source, statementDay };
  const succeeded = succeedPayment(payment, result, change);
  return postChange(books, payment, succeeded, successPosting(payment));
}

async function bookFailure(
  books: PaymentBooks,
  payment: Payment,
  { reason, channelTradeNo }: Extract<FinalResult, { outcome: 'refused' }>,
  { source, failureCode: code = 'refused' }: Settlement,
): Promise<Payment> {
  const failed = failPayment(payment, { code, reason, channelTradeNo }, { at: books.clock(), source });
  if (payment.kind === 'withdrawal') {
    return postChange(books, payment, failed, releasePosting(payment));
  }
  return (await replacePayment(books.table, payment, failed)) ? failed : currentPayment(books, payment);
}

async function postChange(books: PaymentBooks, from: Payment, to: Payment, posting: NewPosting): Promise<Payment> {
  const outcome = await postGuardedBy(books.ledger, posting, (booked) =>
    replacePaymentWrite(books.table, from, bookedPayment(to, booked)),
  );
  if (isRefusal(outcome)) {
    // balances are looked at before the payment's condition is met: whoever was faster has moved the money already
    const now = await currentPayment(books, from);
    if (now.status !== from.status) return now;
    throw new Error(`the ledger refuses ${posting.type} of ${from.id}: ${outcome.refused}`, { cause: outcome });
  }
  return outcome.outcome === 'posted' ? bookedPayment(to, outcome.booked) : currentPayment(books, from);
}

/** As it is now. @throws Error when it is gone, since no payment is ever deleted. */
export async function currentPayment({ table }: Pick<PaymentBooks, 'table'>, { id }: Payment): Promise<Payment> {
  const payment = await readPayment(table, id);
  if (payment === undefined) throw new Error(`the payment ${id} is gone`);
  return payment;
}
