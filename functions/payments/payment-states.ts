/** A payment's states as data. Every change is a conditional write that names the old state. */

export type PaymentStatus = 'created' | 'processing' | 'succeeded' | 'failed' | 'returned' | 'refunded';

/**
 * What may happen to a payment: it is handed to a channel (`submit`), handed to another one after a definite refusal
 * (`reroute`), ends well or badly, and a success may later be sent back by the bank (`return`) or paid back (`refund`).
 */
export type PaymentEvent = 'submit' | 'reroute' | 'succeed' | 'fail' | 'return' | 'refund';

export const paymentTransitions: Readonly<
  Record<PaymentStatus, Readonly<Partial<Record<PaymentEvent, PaymentStatus>>>>
> = {
  created: { submit: 'processing' },
  processing: { reroute: 'processing', succeed: 'succeeded', fail: 'failed' },
  succeeded: { return: 'returned', refund: 'refunded' },
  failed: {},
  returned: {},
  refunded: {},
};

export const allows = (status: PaymentStatus, event: PaymentEvent): boolean =>
  paymentTransitions[status][event] !== undefined;

/** @throws Error when the table does not have the transition: callers ask {@link allows} first where it may not. */
export function statusAfter(status: PaymentStatus, event: PaymentEvent): PaymentStatus {
  const next = paymentTransitions[status][event];
  if (next === undefined) throw new Error(`a payment that is ${status} can't ${event}`);
  return next;
}
