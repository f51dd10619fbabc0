/** What a channel's statement proves about a payment that is still open. */
import type { AccountingDate } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Payment } from './payment.ts';
import { readPayment } from './payment-store.ts';
import type { PaymentBooks } from './payments.ts';
import { type FinalResult, type Settlement, settlePayment } from './settle-payment.ts';

export type StatementRefusal = 'not_found' | 'order_superseded' | 'payment_failed' | 'payment_succeeded';

interface StatementFacts {
  readonly paymentId: PaymentId;
  /** the statement line's own; a line of an attempt that was refused and rerouted proves nothing about the next one */
  readonly channelOrderNo?: string;
}

interface StatementSuccess extends StatementFacts {
  readonly channelTradeNo: string;
  readonly completedAt: Date;
  /** the day of the statement, whatever day the line names: no other day's statement can claim the payment then */
  readonly statementDay: AccountingDate;
}

/**
 * Books a success that only the statement told of, once and with the posting of the online path.
 *
 * @returns the payment, which has succeeded now or had before; refused when it failed, which is a difference.
 */
export async function completeFromStatement(
  books: PaymentBooks,
  facts: StatementSuccess,
): Promise<Payment | Refusal<StatementRefusal>> {
  const { channelTradeNo, completedAt, statementDay } = facts;
  const payment = await settle(books, facts, { outcome: 'succeeded', channelTradeNo, completedAt }, { statementDay });
  if (!('status' in payment) || payment.status !== 'failed') return payment;
  return refuse('payment_failed', `The payment ${payment.id} has failed.`);
}

/**
 * Ends an open payment that the channel shows as failed, or has proved never to have had. A withdrawal's frozen
 * amount is released.
 */
export async function failFromStatement(
  books: PaymentBooks,
  facts: StatementFacts & { readonly reason: string },
): Promise<Payment | Refusal<StatementRefusal>> {
  const payment = await settle(books, facts, { outcome: 'refused', reason: facts.reason, retryElsewhere: false });
  if (!('status' in payment) || payment.status === 'failed') return payment;
  return refuse('payment_succeeded', `The payment ${payment.id} has succeeded.`);
}

async function settle(
  books: PaymentBooks,
  { paymentId, channelOrderNo }: StatementFacts,
  result: FinalResult,
  claim: Pick<Settlement, 'statementDay'> = {},
): Promise<Payment | Refusal<StatementRefusal>> {
  const payment = await readPayment(books.table, paymentId);
  if (payment === undefined) return refuse('not_found', 'There is no such payment.');
  if (channelOrderNo !== undefined && channelOrderNo !== payment.channelOrderNo) {
    return refuse(
      'order_superseded',
      `The payment ${paymentId} goes under the order number ${payment.channelOrderNo}.`,
    );
  }
  return settlePayment(books, payment, result, { source: 'statement', ...claim });
}
