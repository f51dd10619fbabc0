import { describe, expect, test } from '@jest/globals';
import {
  allows,
  type PaymentEvent,
  type PaymentStatus,
  paymentTransitions,
  statusAfter,
} from '../../functions/payments/payment-states.ts';

const events: readonly PaymentEvent[] = ['submit', 'reroute', 'succeed', 'fail', 'return', 'refund'];
const nothing = [null, null, null, null, null, null] as const;

/** Every state's row: what each event of {@link events} leads to, or null where it can't happen. */
const table: Record<PaymentStatus, readonly (PaymentStatus | null)[]> = {
  created: ['processing', null, null, null, null, null],
  processing: [null, 'processing', 'succeeded', 'failed', null, null],
  succeeded: [null, null, null, null, 'returned', 'refunded'],
  failed: nothing,
  returned: nothing,
  refunded: nothing,
};

const rows = Object.entries(table).flatMap(([status, ends]) =>
  events.map((event, place) => ({ status: status as PaymentStatus, event, end: ends[place] ?? null })),
);

describe('the transition table of payments', () => {
  test('has a row for each state', () => {
    expect(Object.keys(paymentTransitions).sort()).toEqual(Object.keys(table).sort());
  });

  test.each(rows.filter(({ end }) => end !== null))('a $status payment can $event and is then $end', (row) => {
    expect(allows(row.status, row.event)).toBe(true);
    expect(statusAfter(row.status, row.event)).toBe(row.end);
  });

  test.each(rows.filter(({ end }) => end === null))("a $status payment can't $event", ({ status, event }) => {
    expect(allows(status, event)).toBe(false);
    expect(() => statusAfter(status, event)).toThrow(status);
  });
});
