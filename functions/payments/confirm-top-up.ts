/** The payer's code goes back to the channel, which then takes the money. */
import type { InstitutionId, PaymentId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { confirmOrder } from './ask-channel.ts';
import type { Payment } from './payment.ts';
import { awaitPayment, submitPayment, tryCode } from './payment-changes.ts';
import { readPayment, replacePayment } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { currentPayment, settlePayment } from './settle-payment.ts';

export type ConfirmRefusal = 'not_found' | 'nothing_to_confirm' | 'wrong_code' | 'code_expired' | 'too_many_codes';

/** Whoever guesses gets no further; a channel may be stricter. */
const maximumCodes = 5;

/**
 * The order lies at the channel and its follow-up is queued since the top-up was made, so a crash leaves nothing behind.
 * A wrong code can be followed by another one, up to five in all, however many come at once.
 */
export async function confirmTopUp(
  payments: Payments,
  command: { readonly institutionId: InstitutionId; readonly id: PaymentId; readonly code: string },
): Promise<Payment | Refusal<ConfirmRefusal>> {
  const payment = await readPayment(payments.table, command.id);
  if (payment?.institutionId !== command.institutionId || payment.kind !== 'top_up') {
    return refuse('not_found', 'There is no such top-up.');
  }
  if (payment.product === 'quick_payment' && payment.status !== 'created') return payment;
  if (payment.action?.type !== 'code') return refuse('nothing_to_confirm', 'The top-up does not wait for a code.');
  if (payment.expiresAt && payment.expiresAt <= payments.clock()) {
    return refuse('code_expired', 'The code is no longer waited for; make the top-up anew.');
  }
  const given = payment.history.filter(({ event }) => event === 'try_code').length;
  if (given >= maximumCodes) return refuse('too_many_codes', 'No more codes are taken; make the top-up anew.');
  const tried = tryCode(payment, { at: payments.clock(), source: 'request' });
  // whoever was faster may have used the last try, or ended the payment
  if (!(await replacePayment(payments.table, payment, tried))) return confirmTopUp(payments, command);
  return confirm(payments, tried, command.code);
}

async function confirm(payments: Payments, payment: Payment, code: string): Promise<Payment | Refusal<ConfirmRefusal>> {
  const { result, call } = await confirmOrder(payments, payment, code);
  const change = { at: payments.clock(), source: 'request', call } as const;
  if (result.outcome === 'refused' && result.reason === 'wrong_code') {
    await replacePayment(payments.table, payment, awaitPayment(payment, change));
    return refuse('wrong_code', 'The channel does not take this code.');
  }
  if (result.outcome !== 'unknown') return settlePayment(payments, payment, result, change);
  const submitted = submitPayment(payment, change);
  return (await replacePayment(payments.table, payment, submitted)) ? submitted : currentPayment(payments, payment);
}
