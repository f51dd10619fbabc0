import { describe, expect, test } from '@jest/globals';
import { paymentKinds } from '../../functions/payments/payment.ts';
import { paymentStatuses } from '../../functions/payments/payment-states.ts';
import { paymentEventType } from '../../functions/webhooks/payment-events.ts';

describe('a change of a payment', () => {
  test('is told by its kind and the state it came into', () => {
    const told = paymentKinds.map((kind) => [
      kind,
      paymentStatuses.map((status) => paymentEventType(kind, undefined, status)),
    ]);
    expect(Object.fromEntries(told)).toEqual({
      top_up: [
        'payment.created',
        'payment.processing',
        'payment.succeeded',
        'payment.failed',
        'payment.returned',
        'payment.refunded',
      ],
      withdrawal: [
        'payment.created',
        'payment.processing',
        'payment.succeeded',
        'payment.failed',
        'payment.returned',
        'payment.refunded',
      ],
      refund: ['refund.created', 'refund.processing', 'refund.succeeded', 'refund.failed', undefined, undefined],
      return: [undefined, undefined, 'return.succeeded', undefined, undefined, undefined],
    });
  });

  test('within a state is not told', () => {
    for (const status of paymentStatuses) expect(paymentEventType('top_up', status, status)).toBeUndefined();
  });
});
