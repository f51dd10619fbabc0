import { describe, expect, test } from '@jest/globals';
import {
  allows,
  isOpen,
  type PaymentEvent,
  type PaymentStatus,
  paymentEvents,
  paymentStatuses,
  paymentTransitions,
  statusAfter,
} from '../../functions/payments/payment-states.ts';

/** Every state's row: what each event leads to; what is not named can't happen. */
const table: Record<PaymentStatus, Partial<Record<PaymentEvent, PaymentStatus>>> = {
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

const rows = paymentStatuses.flatMap((status) =>
  paymentEvents.map((event) => ({ status, event, end: table[status][event] })),
);

describe('the transition table of payments', () => {
  test('has a row for each state and no other', () => {
    expect(Object.keys(paymentTransitions).sort()).toEqual([...paymentStatuses].sort());
  });

  test.each(rows.filter(({ end }) => end !== undefined))('a $status payment can $event and is then $end', (row) => {
    expect(allows(row.status, row.event)).toBe(true);
    expect(statusAfter(row.status, row.event)).toBe(row.end);
  });

  test.each(rows.filter(({ end }) => end === undefined))("a $status payment can't $event", ({ status, event }) => {
    expect(allows(status, event)).toBe(false);
    expect(() => statusAfter(status, event)).toThrow(status);
  });

  test('a payment is open until it has succeeded or failed', () => {
    expect(paymentStatuses.filter(isOpen)).toEqual(['created', 'processing']);
  });
});
