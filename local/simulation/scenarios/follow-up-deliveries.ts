/** A queue with the manners of SQS: late, in any order, some messages twice, and again what was not handled. */
import { followUpPayment } from '../../../functions/payments/follow-up-payment.ts';
import type { FollowUp, FollowUpQueue } from '../../../functions/payments/payments.ts';
import type { Scheduler, Self } from '../scheduler.ts';
import type { Dice } from './dice.ts';
import type { Fleet } from './function-fleet.ts';

export interface Deliveries {
  readonly queueFor: (self: Self) => FollowUpQueue;
  /** messages that are still to be handled */
  readonly waiting: () => number;
  /** how many were handled */
  readonly handled: () => number;
}

const functionTimeoutMs = 30_000;
/** SQS shows a message again when nobody has handled it for so long. */
const visibilityMs = 180_000;
/** After so many tries a message is left to people. */
const maximumReceives = 10;

/** @param isRough whether anything goes wrong on the way at this moment */
export function followUpDeliveries({
  scheduler,
  dice,
  fleet,
  isRough,
}: {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly fleet: () => Fleet;
  readonly isRough: () => boolean;
}): Deliveries {
  let waiting = 0;
  let handled = 0;

  const deliverLater = (message: FollowUp, delayMs: number, receives = 1): void => {
    waiting += 1;
    const lateMs = isRough() && dice.chance(0.1) ? scheduler.between(0, 60_000) : scheduler.between(0, 200);
    void scheduler.after(delayMs + lateMs, () => deliver(message, receives));
  };

  const deliver = (message: FollowUp, receives: number): void => {
    if (isRough() && dice.chance(0.05)) deliverLater(message, scheduler.between(0, 20_000));
    const process = fleet().invoke('f', functionTimeoutMs, ({ payments }) => followUpPayment(payments, message));
    void process.ended.then((outcome) => {
      if (outcome.status === 'returned') handled += 1;
      else if (receives < maximumReceives) deliverLater(message, visibilityMs, receives + 1);
      scheduler.record(
        `follow-up ${message.paymentId} ${outcome.status === 'returned' ? outcome.value : outcome.status}`,
      );
      waiting -= 1;
    });
  };

  return {
    waiting: () => waiting,
    handled: () => handled,
    queueFor: (self) => ({
      send: async (message, delaySeconds) => {
        const fate = isRough() ? dice.random() : 1;
        await self.sleepMs(scheduler.between(2, 15));
        if (fate < 0.01) throw new Error('SQS did not take the message');
        deliverLater(message, delaySeconds * 1_000);
        if (fate < 0.02) throw new Error('SQS took the message and its answer was lost');
      },
    }),
  };
}
