import { describe, expect, test } from '@jest/globals';
import { type EventType, eventTypes, matchesAnything, matchesPattern } from '../../functions/webhooks/event-types.ts';

describe('a pattern', () => {
  test.each<readonly [string, EventType, boolean]>([
    ['*', 'payment.failed', true],
    ['payment.*', 'payment.failed', true],
    ['payment.failed', 'payment.failed', true],
    ['payment.failed', 'payment.succeeded', false],
    ['payment.*', 'refund.succeeded', false],
    ['webhook.*', 'webhook_endpoint.disabled', false],
  ])('%s hears of %s: %s', (pattern, type, hears) => {
    expect(matchesPattern(type, pattern)).toBe(hears);
  });

  test('that can never match is found out', () => {
    expect(['payments.*', 'payment', 'payment.done', '', '**', '*.succeeded'].filter(matchesAnything)).toEqual([]);
    expect(eventTypes.filter((type) => !matchesAnything(type))).toEqual([]);
  });
});
