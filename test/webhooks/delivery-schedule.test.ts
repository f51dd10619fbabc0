import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  deliverySchedule,
  longestHopSeconds,
  nextHopSeconds,
  waitAfter,
} from '../../functions/webhooks/delivery-schedule.ts';

const waits = (chance: number) => [1, 2, 3, 4, 5, 6, 7].map((tries) => waitAfter(deliverySchedule, tries, chance) ?? 0);
const hours = (seconds: readonly number[]) => seconds.reduce((sum, each) => sum + each, 0) / 3_600;

describe('the tries of a delivery', () => {
  test('spread over about a day, and end after the eighth', () => {
    expect(hours(waits(0))).toBeCloseTo(27.6, 1);
    expect(hours(waits(1))).toBeLessThan(34);
    expect(waitAfter(deliverySchedule, 8, 0)).toBeUndefined();
  });

  test('come apart by chance, each wait at most a fifth longer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0, max: 1, noNaN: true }), (tries, chance) => {
        const shortest = waitAfter(deliverySchedule, tries, 0) ?? Number.NaN;
        const wait = waitAfter(deliverySchedule, tries, chance) ?? Number.NaN;
        expect(wait).toBeGreaterThanOrEqual(shortest);
        expect(wait).toBeLessThanOrEqual(Math.ceil(shortest * 1.2));
      }),
    );
  });
});

test('a long wait is hops of a quarter of an hour, none of which is longer than SQS allows', () => {
  const from = new Date('2026-03-01T00:00:00Z');
  const in_ = (seconds: number) => new Date(from.getTime() + seconds * 1000);
  expect(nextHopSeconds(from, in_(5))).toBe(5);
  expect(nextHopSeconds(from, in_(0.5))).toBe(1);
  expect(nextHopSeconds(from, in_(36_000))).toBe(longestHopSeconds);
  expect(nextHopSeconds(from, in_(-5))).toBe(0);
});
