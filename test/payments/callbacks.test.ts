import { describe, expect, test } from '@jest/globals';
import { actedOn, type Callback, callbackIdOf, stateOf } from '../../functions/payments/callbacks/callback.ts';
import { delayBeforeLook, lastLook } from '../../functions/payments/callbacks/callbacks.ts';
import { parseLook } from '../../functions/payments/callbacks/look-queue.ts';

const at = new Date('2026-03-01T08:00:00Z');
const received: Callback = {
  id: callbackIdOf('sandbox-bank', 'M-1'),
  channel: 'sandbox-bank',
  messageId: 'M-1',
  state: 'received',
  receivedAt: at,
  changedAt: at,
  events: [],
  outcomes: [],
  version: 1,
};

describe('a message', () => {
  test.each([
    [['booked', 'known'], 'handled'],
    [[], 'handled'],
    [['booked', 'unmatched'], 'unmatched'],
    [['unmatched', 'contradicting', 'known'], 'contradicting'],
    [['contradicting', 'waiting', 'unmatched'], 'received'],
  ] as const)('with events that are %j is %s', (outcomes, state) => {
    expect(stateOf(outcomes.map((outcome) => ({ outcome })))).toBe(state);
  });

  test('that is looked at for the last time waits no more', () => {
    const outcomes = [{ outcome: 'waiting', reason: 'unknown_order' }] as const;
    expect(actedOn(received, outcomes, { at, isLastLook: false })).toMatchObject({ state: 'received', version: 2 });
    expect(actedOn(received, outcomes, { at, isLastLook: true })).toMatchObject({
      state: 'unmatched',
      outcomes: [{ outcome: 'unmatched', reason: 'unknown_order' }],
    });
  });

  test('has an id of its channel and number', () => {
    expect(callbackIdOf('sandbox-bank', 'M-1')).toBe(received.id);
    expect(callbackIdOf('sandbox-wallet', 'M-1')).not.toBe(received.id);
    expect(callbackIdOf('sandbox-bank', 'M-2')).not.toBe(received.id);
  });
});

describe('looks', () => {
  test('go on for some ten minutes, and then no more', () => {
    const delays = Array.from({ length: lastLook }, (_, index) => delayBeforeLook(index + 1) ?? Number.NaN);
    expect(delays.reduce((sum, delay) => sum + delay, 0)).toBe(560);
    expect(delayBeforeLook(lastLook + 1)).toBeUndefined();
  });

  test('name a message that is kept', () => {
    expect(parseLook(JSON.stringify({ callbackId: received.id, look: 2 }))).toEqual({
      callbackId: received.id,
      look: 2,
    });
    expect(() => parseLook(JSON.stringify({ callbackId: 'pay_1', look: 2 }))).toThrow();
    expect(() => parseLook(JSON.stringify({ callbackId: received.id, look: 0 }))).toThrow();
  });
});
