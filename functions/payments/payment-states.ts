/** A payment's states as data. Every change is a conditional write that names the old state. */

export const paymentStatuses = ['created', 'processing', 'succeeded', 'failed', 'returned', 'refunded'] as const;

export type PaymentStatus = (typeof paymentStatuses)[number];

/**
 * What may happen to a payment.
 *
 * - `submit`: what waited for its payer is now the channel's to carry out
 * - `reroute`: it is handed to another channel after a definite refusal
 * - `wait`: a channel was asked and nothing was decided
 * - `try_code`: a code of the payer is about to be handed over
 * - `succeed`, `fail`: its end
 * - `return`: the bank sent a payout back
 * - `begin_refund`, `drop_refund`, `refund_part`, `refund`: a part of it is being paid back; was not, after all; was; the last part was
 * - `repair`, `revoke`: people found by a statement that it succeeded after all; that it never did
 * - `revoke_refund`: the same of a refund of it, which is there to be refunded again
 * - `contradict`: a channel now says the opposite of what it said before, be it of an attempt that was left behind; nothing moves,
 *   people look at it
 */
export const paymentEvents = [
  'submit',
  'reroute',
  'wait',
  'try_code',
  'succeed',
  'fail',
  'return',
  'begin_refund',
  'drop_refund',
  'refund_part',
  'refund',
  'repair',
  'revoke',
  'revoke_refund',
  'contradict',
] as const;

export type PaymentEvent = (typeof paymentEvents)[number];

export const paymentTransitions: Readonly<
  Record<PaymentStatus, Readonly<Partial<Record<PaymentEvent, PaymentStatus>>>>
> = {
  created: {
    submit: 'processing',
    reroute: 'created',
    wait: 'created',
    try_code: 'created',
    succeed: 'succeeded',
    fail: 'failed',
    contradict: 'created',
  },
  processing: {
    reroute: 'processing',
    wait: 'processing',
    succeed: 'succeeded',
    fail: 'failed',
    contradict: 'processing',
  },
  succeeded: {
    return: 'returned',
    begin_refund: 'succeeded',
    drop_refund: 'succeeded',
    refund_part: 'succeeded',
    refund: 'refunded',
    revoke: 'failed',
    revoke_refund: 'succeeded',
    contradict: 'succeeded',
  },
  failed: { repair: 'succeeded', contradict: 'failed' },
  returned: { contradict: 'returned' },
  refunded: { revoke_refund: 'succeeded', contradict: 'refunded' },
};

export const allows = (status: PaymentStatus, event: PaymentEvent): boolean =>
  paymentTransitions[status][event] !== undefined;

/** Whether its end is still to come. */
export const isOpen = (status: PaymentStatus): boolean => allows(status, 'succeed');

/** @throws Error when the table does not have the transition: callers ask {@link allows} first where it may not. */
export function statusAfter(status: PaymentStatus, event: PaymentEvent): PaymentStatus {
  const next = paymentTransitions[status][event];
  if (next === undefined) throw new Error(`a payment that is ${status} can't ${event}`);
  return next;
}
