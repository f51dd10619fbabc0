/** Brings a payment to its end: one transaction holds the change of state and its postings, so that all happen or none. */
import { type ChannelResult, releaseWrites } from '../channels/index.ts';
import { type AccountingDate, accountingDateAt } from '../kernel/clock.ts';
import { isRefusal } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { type NewPosting, postGuardedBy } from '../ledger/index.ts';
import { type ChangeSource, type ChannelCall, type FailureCode, freezesFirst, type Payment } from './payment.ts';
import { bookedPayment, completeRefund, dropRefund, failPayment, succeedPayment } from './payment-changes.ts';
import { isOpen } from './payment-states.ts';
import { readPayment, replacePayment, replacePaymentWrite } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { releasePosting, successPostings } from './postings.ts';

export type FinalResult = Exclude<ChannelResult, { outcome: 'unknown' }>;

export interface Settlement {
  readonly source: ChangeSource;
  /** the call that the result answers */
  readonly call?: ChannelCall | undefined;
  /** what a refusal means: the channel's own no, that it never had the order, or that no payer came */
  readonly failureCode?: FailureCode;
  /** the day of the statement that claims the payment; without one, the day of completion is expected to tell of it */
  readonly statementDay?: AccountingDate;
}

/** Each round lost is won by somebody else who changed the payment, or the top-up that a refund belongs to. */
const maximumTries = 50;

/**
 * Books what a channel said and answers the payment as it then is. Whoever comes second (a request, the follow-up, a
 * callback and the statement may race) changes nothing and gets what the first one made.
 *
 * A top-up's success costs one transaction of five items, a withdrawal's end one of five or three; a refund's one or two
 * more for its top-up, a charge three more.
 *
 * @throws Error when the ledger refuses: what a channel has done can't be refused any more, so that is for people.
 */
export async function settlePayment(
  books: PaymentBooks,
  payment: Payment,
  result: FinalResult,
  settlement: Settlement,
): Promise<Payment> {
  let from = payment;
  for (let tries = 0; isOpen(from.status) && from.attempt === payment.attempt; tries++) {
    if (tries === maximumTries) throw new Error(`${payment.id} changes faster than it can be ended`);
    const to = settled(books, from, result, settlement);
    const ended = await commitEnd(books, { from, to, settlement });
    if (ended.outcome === 'committed') return ended.change(to);
    const now = await currentPayment(books, from);
    // balances are looked at before the payment's condition is met: whoever was faster has moved the money already
    if (ended.outcome === 'refused' && now.version === from.version) throw ended.error;
    from = now;
  }
  return from;
}

function settled(books: PaymentBooks, payment: Payment, result: FinalResult, settlement: Settlement): Payment {
  const { source, call, failureCode: code = 'refused' } = settlement;
  const change = { at: books.clock(), source, call };
  if (result.outcome === 'succeeded') {
    const statementDay = settlement.statementDay ?? accountingDateAt(result.completedAt, books.timeZone);
    return succeedPayment(payment, result, { ...change, statementDay });
  }
  const { reason, channelTradeNo } = result;
  return failPayment(payment, { code, reason, channelTradeNo }, change);
}

interface End {
  readonly from: Payment;
  readonly to: Payment;
  readonly settlement: Settlement;
}

async function commitEnd(books: PaymentBooks, end: End): Promise<Change> {
  const { from, to } = end;
  const succeeded = to.status === 'succeeded';
  const postings = succeeded ? successPostings(from) : freezesFirst(from) ? [releasePosting(from)] : [];
  const released = succeeded ? [] : releaseWrites(books.channels, from.reservations ?? []);
  const ofOriginal = await originalWrites(books, end);
  if (ofOriginal === 'overtaken') return { outcome: 'overtaken' };
  const others = [...released, ...ofOriginal];
  if (postings.length === 0 && others.length === 0) {
    const replaced = await replacePayment(books.table, from, to); // for half the price of a transaction
    return replaced ? { outcome: 'committed', change: (payment) => payment } : { outcome: 'overtaken' };
  }
  return commitChange(books, postings, (change) => [replacePaymentWrite(books.table, from, change(to)), ...others]);
}

/** A refund's top-up changes with it. `overtaken`: it shows that the refund has come to its end since it was read. */
async function originalWrites(
  books: PaymentBooks,
  { from, to, settlement }: End,
): Promise<readonly Write[] | 'overtaken'> {
  if (from.kind !== 'refund' || from.originalId === undefined) return [];
  const original = await readPayment(books.table, from.originalId);
  if (original === undefined) throw new Error(`${from.originalId}, which ${from.id} pays back, is gone`);
  if ((original.refunding ?? 0n) < from.amount.amount) return 'overtaken';
  const { source } = settlement;
  const change = { at: books.clock(), source, refundId: from.id, amount: from.amount.amount };
  const changed = to.status === 'succeeded' ? completeRefund(original, change) : dropRefund(original, change);
  return [replacePaymentWrite(books.table, original, changed)];
}

type Change =
  | { readonly outcome: 'committed'; readonly change: (payment: Payment) => Payment }
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'refused'; readonly error: Error };

/** @param writes given what the postings make of a payment: where it is booked, and what that leaves */
export async function commitChange(
  books: Pick<PaymentBooks, 'ledger' | 'commit'>,
  postings: readonly NewPosting[],
  writes: (change: (payment: Payment) => Payment) => readonly Write[],
): Promise<Change> {
  if (postings.length === 0) {
    const { committed } = await books.commit(writes((payment) => payment));
    return committed ? { outcome: 'committed', change: (payment) => payment } : { outcome: 'overtaken' };
  }
  const outcome = await postGuardedBy(books.ledger, postings, (booked) =>
    writes((payment) => booked.reduce(bookedPayment, payment)),
  );
  if (isRefusal(outcome)) {
    const [posting] = postings;
    const error = new Error(`the ledger refuses ${posting?.type} of ${posting?.transactionId}: ${outcome.refused}`, {
      cause: outcome,
    });
    return { outcome: 'refused', error };
  }
  if (outcome.outcome === 'overtaken') return { outcome: 'overtaken' };
  return { outcome: 'committed', change: (payment) => outcome.postings.reduce(bookedPayment, payment) };
}

/** As it is now. @throws Error when it is gone, since no payment is ever deleted. */
export async function currentPayment({ table }: Pick<PaymentBooks, 'table'>, { id }: Payment): Promise<Payment> {
  const payment = await readPayment(table, id);
  if (payment === undefined) throw new Error(`the payment ${id} is gone`);
  return payment;
}
