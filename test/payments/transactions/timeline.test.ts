import { describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import type { Payment } from '../../../functions/payments/payment.ts';
import {
  awaitPayment,
  failPayment,
  reroutePayment,
  returnedPayment,
  returnOfPayout,
  succeedPayment,
} from '../../../functions/payments/payment-changes.ts';
import { type TimelineItem, timelineOf } from '../../../functions/payments/transactions/timeline.ts';
import { bank, topUp, withdrawal } from '../sample-payments.ts';

const at = new Date('2026-03-01T16:00:00Z');
const later = new Date('2026-03-01T16:00:05Z');
const statementDay = '2026-03-02' as AccountingDate; // a day
const said = (outcome: 'succeeded' | 'refused_here' | 'unknown', code?: string) =>
  ({ operation: 'collect', outcome, ...(code && { code }), durationMs: 120 }) as const;
const success = { channelTradeNo: 'T1', completedAt: at };

/** What a reader sees first of an item. */
function gistOf(item: TimelineItem): string {
  switch (item.type) {
    case 'state':
      return `${item.event} → ${item.status}`;
    case 'call':
      return `${item.channel} ${item.operation}: ${item.outcome}`;
    case 'posting':
      return item.postingType;
  }
}

const gist = (payment: Payment) => timelineOf(payment).map(gistOf);

describe('the timeline of a payment', () => {
  test('shows each call beside the state that it led to, at the channel that was asked', () => {
    const rerouted = reroutePayment(topUp(), bank, {
      at,
      source: 'request',
      reason: 'channel_busy',
      call: said('refused_here', 'channel_busy'),
    });
    const silent = awaitPayment(rerouted, { at, source: 'request', call: said('unknown', 'no answer in time') });
    const query = { operation: 'query', outcome: 'succeeded', durationMs: 80 } as const;
    const done = succeedPayment(silent, success, { at: later, source: 'follow_up', statementDay, call: query });
    expect(gist(done)).toEqual([
      'make → processing',
      'sandbox-wallet collect: refused_here',
      'reroute → processing',
      'sandbox-bank collect: unknown',
      'sandbox-bank query: succeeded',
      'succeed → succeeded',
      'top_up',
    ]);
    expect(timelineOf(done)).toContainEqual(
      expect.objectContaining({ type: 'call', code: 'no answer in time', durationMs: 120, at }),
    );
  });

  test('shows the freeze of a withdrawal, and what ended it', () => {
    const asked = withdrawal({ charges: [{ amount: 100n, payer: 'member' }] });
    const change = {
      at,
      source: 'request',
      call: { operation: 'payout', outcome: 'succeeded', durationMs: 5 },
    } as const;
    const paid = succeedPayment(asked, success, { ...change, statementDay });
    expect(gist(paid)).toEqual([
      'make → processing',
      'withdrawal_freeze',
      'sandbox-bank payout: succeeded',
      'succeed → succeeded',
      'withdrawal_capture',
      'payment_charge',
    ]);
    const refused = failPayment(asked, { code: 'refused', reason: 'account_closed' }, { at, source: 'callback' });
    expect(gist(refused)).toEqual(['make → processing', 'withdrawal_freeze', 'fail → failed', 'withdrawal_release']);
    expect(timelineOf(refused)).toContainEqual(expect.objectContaining({ event: 'fail', detail: 'account_closed' }));
  });

  test('of a payout that came back goes on, and the return has one of its own', () => {
    const paid = succeedPayment(withdrawal(), success, { at, source: 'request', statementDay });
    const facts = { at: later, source: 'callback', channelTradeNo: 'R1', returnedAt: later } as const;
    expect(gist(returnedPayment(paid, facts)).at(-1)).toBe('return → returned');
    const { id } = returnOfPayout(paid, { ...facts, statementDay });
    expect(timelineOf(returnedPayment(paid, facts)).at(-1)).toMatchObject({ detail: id });
    expect(gist(returnOfPayout(paid, { ...facts, statementDay }))).toEqual(['succeed → succeeded', 'payout_return']);
  });
});
