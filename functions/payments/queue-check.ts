import { delayBefore } from './follow-up-schedule.ts';
import type { Payment } from './payment.ts';
import type { Payments } from './payments.ts';

/** Sends the message that looks after a payment's current attempt; a later check carries on where the one before it was. */
export const queueCheck = (
  { followUps, schedule }: Pick<Payments, 'followUps' | 'schedule'>,
  { id, attempt }: Pick<Payment, 'id' | 'attempt'>,
  check = 1,
): Promise<void> => followUps.send({ paymentId: id, attempt, check }, delayBefore(schedule, check));
