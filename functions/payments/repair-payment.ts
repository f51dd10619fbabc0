/**
 * 状态更正: people have found by a channel's statement that a payment ended otherwise than our books say. What they decide is
 * committed by whoever keeps the case, in one transaction with the case itself.
 */
import { releaseWrites } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import type { BookedPosting, NewPosting } from '../ledger/index.ts';
import type { Payment } from './payment.ts';
import { bookedPayment, repairPayment, revokePayment } from './payment-changes.ts';
import { readPayment, replacePaymentWrite } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { repairPostings, revocationPostings } from './postings.ts';

export type RepairRefusal = 'not_found' | 'order_superseded' | 'not_repairable';

interface Repair {
  readonly paymentId: PaymentId;
  /** of the attempt that the statement tells of: one that was left behind says nothing about the next one */
  readonly channelOrderNo: string;
}

/** What a repair books, and how the payment changes with it: its version is the condition, so it happens once. */
export interface PreparedRepair {
  readonly postings: readonly NewPosting[];
  readonly writes: (booked: readonly BookedPosting[]) => readonly Write[];
}

/**
 * `failed` → `succeeded`, once: a payment that was revoked is not brought back. 1 read unit.
 *
 * @returns `not_repairable` for one that has not failed, which is also what a repeat finds, and for refunds and returns,
 *   which change another payment
 */
export async function prepareCompletion(
  books: PaymentBooks,
  repair: Repair & { readonly channelTradeNo: string; readonly statementDay: AccountingDate },
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const payment = await repairable(books, repair);
  if ('refused' in payment) return payment;
  if (payment.status !== 'failed' || payment.history.some(({ event }) => event === 'revoke')) return ended(payment);
  const at = books.clock();
  const { channelTradeNo, statementDay } = repair;
  const to = repairPayment(payment, { channelTradeNo, completedAt: at }, { at, source: 'statement', statementDay });
  return {
    postings: repairPostings(payment),
    writes: (booked) => [replacePaymentWrite(books.table, payment, booked.reduce(bookedPayment, to))],
  };
}

/**
 * `succeeded` → `failed`: what its success moved goes back. A payer who has spent a top-up makes the ledger refuse. 1 read
 * unit.
 *
 * @returns `not_repairable` for one that has not succeeded or of which something was refunded, for refunds and returns
 */
export async function prepareRevocation(
  books: PaymentBooks,
  repair: Repair & { readonly reason: string },
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const payment = await repairable(books, repair);
  if ('refused' in payment) return payment;
  const { status, refunded = 0n, refunding = 0n, reservations = [] } = payment;
  if (status !== 'succeeded' || refunded + refunding > 0n) return ended(payment);
  const to = revokePayment(payment, repair, { at: books.clock(), source: 'statement' });
  return {
    postings: revocationPostings(payment),
    writes: (booked) => [
      replacePaymentWrite(books.table, payment, booked.reduce(bookedPayment, to)),
      ...releaseWrites(books.channels, reservations),
    ],
  };
}

async function repairable(
  { table }: PaymentBooks,
  { paymentId, channelOrderNo }: Repair,
): Promise<Payment | Refusal<RepairRefusal>> {
  const payment = await readPayment(table, paymentId);
  if (payment === undefined) return refuse('not_found', 'There is no such payment.');
  if (payment.channelOrderNo !== channelOrderNo) {
    return refuse('order_superseded', `The payment ${paymentId} goes under another order number by now.`);
  }
  if (payment.kind !== 'top_up' && payment.kind !== 'withdrawal') return ended(payment);
  return payment;
}

const ended = ({ id, kind, status }: Payment) =>
  refuse('not_repairable', `The ${kind.replace('_', ' ')} ${id} is ${status}, which can't be corrected so.`);
