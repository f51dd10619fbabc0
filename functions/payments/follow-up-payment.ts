/** Looks after a payment whose channel's answer never came, or whose payer has not, until its end is known. */
import { type Asked, cancelOrder, queryOrder } from './ask-channel.ts';
import type { FailureCode, Payment } from './payment.ts';
import { awaitPayment } from './payment-changes.ts';
import { isOpen } from './payment-states.ts';
import { readPayment, replacePayment } from './payment-store.ts';
import type { FollowUp, PaymentBooks, PaymentCalls, Payments } from './payments.ts';
import { queueCheck } from './queue-check.ts';
import { type FinalResult, settlePayment } from './settle-payment.ts';

/**
 * `settled`: it has an end, now or since before. `superseded`: a later attempt has its own message. `requeued`: looked
 * at again later. `never_stored`: the request ended before it stored anything. `left_to_statement`: after the last
 * check; the channel's statement will tell. `left_to_sweep`: after the one check that the sweep asked for.
 */
export type FollowUpOutcome =
  | 'settled'
  | 'superseded'
  | 'requeued'
  | 'never_stored'
  | 'left_to_statement'
  | 'left_to_sweep';

export type FollowUpNeeds = PaymentBooks & PaymentCalls & Pick<Payments, 'followUps' | 'schedule'>;

/** Of later checks only what they change is written: an item would grow with each. Those of the sweep are few. */
const notedChecks = 20;

/**
 * An order that the channel does not know is closed there first, so that one still on its way is refused, and only
 * then does the payment fail. Delivered twice, or late, a message changes nothing that has an end.
 *
 * 1 read unit for a payment that has its end, which is the case of almost all.
 */
export async function followUpPayment(payments: FollowUpNeeds, followUp: FollowUp): Promise<FollowUpOutcome> {
  const { checksForMissing, maximumChecks } = payments.schedule;
  const payment = await readPayment(payments.table, followUp.paymentId);
  // the message is sent before the payment, or its next attempt, is stored
  if (payment === undefined || payment.attempt < followUp.attempt) {
    return followUp.check < checksForMissing && !followUp.once ? checkAgain(payments, followUp) : 'never_stored';
  }
  if (!isOpen(payment.status)) return 'settled';
  if (payment.attempt > followUp.attempt) return 'superseded';
  if (await resolvePayment(payments, payment, followUp.once || followUp.check <= notedChecks)) return 'settled';
  if (followUp.once) return 'left_to_sweep';
  return followUp.check < maximumChecks ? checkAgain(payments, followUp) : 'left_to_statement';
}

/** @returns false when the channel gives no answer, or waits for the payer as we do. */
async function resolvePayment(payments: FollowUpNeeds, payment: Payment, isNoted: boolean): Promise<boolean> {
  const asked = await askForEnd(payments, payment);
  if ('failureCode' in asked) {
    const { result, call, failureCode } = asked;
    const settled = await settlePayment(payments, payment, result, { source: 'follow_up', call, failureCode });
    return !isOpen(settled.status);
  }
  if (isNoted) {
    const waiting = awaitPayment(payment, { at: payments.clock(), source: 'follow_up', call: asked.call });
    await replacePayment(payments.table, payment, waiting); // whoever changed it meanwhile knows more
  }
  return false;
}

type Known = Asked<FinalResult> & { readonly failureCode: FailureCode };

/** What became of the order; one that is not there, or whose payer never came, is closed first. */
async function askForEnd(payments: FollowUpNeeds, payment: Payment): Promise<Known | Pick<Known, 'call'>> {
  const { result, call } = await queryOrder(payments, payment);
  const isOver = payment.expiresAt !== undefined && payment.expiresAt <= payments.clock();
  switch (result.outcome) {
    case 'succeeded':
    case 'refused':
      return { result, call, failureCode: 'refused' };
    case 'unknown':
      return { call };
    case 'awaiting_payer':
      return isOver ? close(payments, payment, 'expired') : { call };
    case 'not_found':
      return close(payments, payment, 'not_executed');
  }
}

async function close(
  payments: FollowUpNeeds,
  payment: Payment,
  failureCode: FailureCode,
): Promise<Known | Pick<Known, 'call'>> {
  const { result, call } = await cancelOrder(payments, payment);
  return result.outcome === 'unknown' ? { call } : { result, call, failureCode };
}

async function checkAgain(payments: FollowUpNeeds, followUp: FollowUp): Promise<'requeued'> {
  const { paymentId: id, attempt, check } = followUp;
  await queueCheck(payments, { id, attempt }, check + 1);
  return 'requeued';
}
