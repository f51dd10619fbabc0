/** Looks after a payment whose channel's answer never came, until its end is known. */
import { cancelOrder, queryOrder } from './ask-channel.ts';
import { delayBefore } from './follow-up-schedule.ts';
import type { Payment } from './payment.ts';
import { readPayment } from './payment-store.ts';
import type { FollowUp, Payments } from './payments.ts';
import { settlePayment } from './settle-payment.ts';

/**
 * `settled`: it has an end, now or since before. `superseded`: a later attempt has its own message. `requeued`: looked
 * at again later. `never_stored`: the request ended before it stored anything. `left_to_statement`: after the last
 * check; the channel's statement will tell.
 */
export type FollowUpOutcome = 'settled' | 'superseded' | 'requeued' | 'never_stored' | 'left_to_statement';

type Dependencies = Pick<Payments, 'table' | 'clock' | 'timeZone' | 'ledger' | 'channels' | 'followUps' | 'schedule'>;

/**
 * An order that the channel does not know is closed there first, so that one still on its way is refused, and only
 * then does the payment fail. Delivered twice, or late, a message changes nothing that has an end.
 *
 * 1 read unit for a payment that has its end, which is the case of almost all.
 */
export async function followUpPayment(payments: Dependencies, followUp: FollowUp): Promise<FollowUpOutcome> {
  const payment = await readPayment(payments.table, followUp.paymentId);
  // the message is sent before the payment, or its next attempt, is stored
  if (payment === undefined || payment.attempt < followUp.attempt) {
    return followUp.check < payments.schedule.checksForMissing ? checkAgain(payments, followUp) : 'never_stored';
  }
  if (payment.status !== 'processing') return 'settled';
  if (payment.attempt > followUp.attempt) return 'superseded';
  if (await resolvePayment(payments, payment)) return 'settled';
  return followUp.check < payments.schedule.maximumChecks ? checkAgain(payments, followUp) : 'left_to_statement';
}

/** @returns false when the channel gives no answer. */
async function resolvePayment(payments: Dependencies, payment: Payment): Promise<boolean> {
  const known = await queryOrder(payments, payment);
  const result = known.outcome === 'not_found' ? await cancelOrder(payments, payment) : known;
  if (result.outcome === 'unknown') return false;
  const failureCode = known.outcome === 'not_found' ? 'not_executed' : 'refused';
  await settlePayment(payments, payment, result, { source: 'follow_up', failureCode });
  return true;
}

async function checkAgain({ followUps, schedule }: Dependencies, followUp: FollowUp): Promise<'requeued'> {
  const check = followUp.check + 1;
  await followUps.send({ ...followUp, check }, delayBefore(schedule, check));
  return 'requeued';
}
