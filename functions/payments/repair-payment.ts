/**
 * 状态更正: people have found by a channel's statement that a payment ended otherwise than our books say. What they decide is
 * committed by whoever keeps the case, in one transaction with the case itself.
 */
import { releaseWrites } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import type { BookedPosting, NewPosting } from '../ledger/index.ts';
import type { Payment } from './payment.ts';
import {
  bookedPayment,
  refundable,
  repairPayment,
  repairRefund,
  revokePayment,
  revokeRefund,
} from './payment-changes.ts';
import { allows, isOpen } from './payment-states.ts';
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
 * `failed` → `succeeded`, also of one that people had failed: each time with postings of its own. A refund's top-up is paid
 * back by as much. 1 read unit, 2 for a refund.
 *
 * @returns `not_repairable`, with what to do instead, for one that has not failed, which is also what a repeat finds, and for
 *   a refund of more than its top-up has left
 */
export async function prepareCompletion(
  books: PaymentBooks,
  repair: Repair & { readonly channelTradeNo: string; readonly statementDay: AccountingDate },
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const payment = await findPayment(books, repair);
  if (isRefusal(payment)) return payment;
  if (payment.status !== 'failed') return notRepairable(payment, 'completed');
  const at = books.clock();
  const change = { at, source: 'statement' } as const;
  const original = await originalOf(books, payment);
  if (original && (!allows(original.status, 'refund') || refundable(original) < payment.amount.amount)) {
    return refuse(
      'not_repairable',
      `Of the top-up ${original.id}, which is ${original.status}, less is left than ${payment.id} pays back: debit_account takes the amount from the account.`,
    );
  }
  const { channelTradeNo, statementDay } = repair;
  const to = repairPayment(payment, { channelTradeNo, completedAt: at }, { ...change, statementDay });
  const changed = original && repairRefund(original, { ...change, ...shareOf(payment) });
  return {
    postings: repairPostings(payment),
    writes: (booked) => [
      replacePaymentWrite(books.table, payment, booked.reduce(bookedPayment, to)),
      ...(original && changed ? [replacePaymentWrite(books.table, original, changed)] : []),
    ],
  };
}

/**
 * `succeeded` → `failed`: what its success moved goes back. A payer who has spent a top-up makes the ledger refuse. A refund's
 * top-up can be refunded by as much again. 1 read unit, 2 for a refund.
 *
 * @returns `not_repairable`, with what to do instead, for one that has not succeeded, came back or was refunded, and for
 *   returns
 */
export async function prepareRevocation(
  books: PaymentBooks,
  repair: Repair & { readonly reason: string },
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const payment = await findPayment(books, repair);
  if (isRefusal(payment)) return payment;
  const { status, kind, refunded = 0n, refunding = 0n, reservations = [] } = payment;
  if (status !== 'succeeded' || kind === 'return' || refunded + refunding > 0n) return notRepairable(payment, 'failed');
  const change = { at: books.clock(), source: 'statement' } as const;
  const original = await originalOf(books, payment);
  const to = revokePayment(payment, repair, change);
  const changed = original && revokeRefund(original, { ...change, ...shareOf(payment) });
  return {
    postings: revocationPostings(payment),
    writes: (booked) => [
      replacePaymentWrite(books.table, payment, booked.reduce(bookedPayment, to)),
      ...(original && changed ? [replacePaymentWrite(books.table, original, changed)] : []),
      ...releaseWrites(books.channels, reservations),
    ],
  };
}

async function findPayment(
  { table }: PaymentBooks,
  { paymentId, channelOrderNo }: Repair,
): Promise<Payment | Refusal<RepairRefusal>> {
  const payment = await readPayment(table, paymentId);
  if (payment === undefined) return refuse('not_found', 'There is no such payment.');
  if (payment.channelOrderNo !== channelOrderNo) {
    return refuse('order_superseded', `The payment ${paymentId} goes under another order number by now.`);
  }
  return payment;
}

/** The top-up of a refund. @throws Error where it is gone, since no payment is ever deleted */
async function originalOf({ table }: PaymentBooks, { kind, id, originalId }: Payment): Promise<Payment | undefined> {
  if (kind !== 'refund' || originalId === undefined) return undefined;
  const original = await readPayment(table, originalId);
  if (original === undefined) throw new Error(`${originalId}, which ${id} pays back, is gone`);
  return original;
}

const shareOf = ({ id, amount }: Payment) => ({ refundId: id, amount: amount.amount });

const notRepairable = (payment: Payment, wanted: 'completed' | 'failed') =>
  refuse(
    'not_repairable',
    `The ${payment.kind.replace('_', ' ')} ${payment.id} is ${payment.status} and can't be ${wanted} so: ${instead(payment, wanted)}`,
  );

/** What an operator does instead. */
function instead({ kind, status, refunded = 0n, refunding = 0n }: Payment, wanted: 'completed' | 'failed'): string {
  if (isOpen(status)) return 'wait for its end (await_correction), then run the statement again.';
  if (kind === 'return') return 'debit_account takes what came back from the account again.';
  if (wanted === 'completed' || status === 'failed') {
    return 'it was corrected since; run the statement again, which compares it as it is now.';
  }
  if (status === 'returned')
    return 'its return gave the money back; offset this with what the return shows, or debit_account.';
  if (refunding > 0n) return 'a refund of it is under way; wait for its end.';
  if (refunded > 0n) return 'it was refunded; fail its refunds first, or debit_account.';
  return 'write_off or await_correction.';
}
