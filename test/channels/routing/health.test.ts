import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  countsNow,
  type Health,
  hasCollapsed,
  minuteOf,
  noOutcomes,
  type OutcomeCounts,
  successRate,
} from '../../../functions/channels/routing/health.ts';
import { healthy, later, morning } from './samples.ts';

const bucket = (minutesAgo: number, counts: Partial<OutcomeCounts>) => ({
  at: minuteOf(later(-60 * minutesAgo)),
  counts: { ...noOutcomes, ...counts },
});

const count = fc.nat(10_000);
const counts = fc.record({ succeeded: count, declined: count, refused: count, silent: count });

describe('a success rate', () => {
  test('is what is believed beforehand while nothing was seen, and hardly swings with the first refusal', () => {
    expect(successRate(noOutcomes)).toBeCloseTo(0.95);
    expect(successRate({ ...noOutcomes, refused: 1 })).toBeGreaterThan(0.9);
    expect(successRate({ ...noOutcomes, succeeded: 2000, refused: 2000 })).toBeCloseTo(0.5, 2);
  });

  test('lies between never and always, grows with each success and falls with each refusal and silence', () => {
    fc.assert(
      fc.property(counts, (seen) => {
        const rate = successRate(seen);
        expect(rate).toBeGreaterThan(0);
        expect(rate).toBeLessThan(1);
        expect(successRate({ ...seen, succeeded: seen.succeeded + 1 })).toBeGreaterThan(rate);
        expect(successRate({ ...seen, refused: seen.refused + 1 })).toBeLessThan(rate);
        expect(successRate({ ...seen, silent: seen.silent + 1 })).toBeLessThan(rate);
      }),
    );
  });

  test('does not hold a card that has no money against the channel', () => {
    fc.assert(
      fc.property(counts, count, (seen, declined) => {
        expect(successRate({ ...seen, declined })).toBe(successRate(seen));
        const collapsed = (those: OutcomeCounts) => hasCollapsed({ ...healthy, buckets: [bucket(0, those)] }, morning);
        expect(collapsed({ ...seen, declined })).toBe(collapsed(seen));
      }),
    );
  });
});

describe('the window', () => {
  test('is ten minutes with the present one', () => {
    const buckets = [bucket(0, { succeeded: 1 }), bucket(9, { succeeded: 2 }), bucket(10, { succeeded: 4 })];
    expect(countsNow({ ...healthy, buckets }, morning)).toMatchObject({ succeeded: 3 });
  });

  test('begins anew after the circuit was closed', () => {
    const health: Health = {
      ...healthy,
      circuit: { state: 'closed', since: later(-90), trips: 1 },
      buckets: [
        bucket(0, { succeeded: 1 }),
        bucket(1, { succeeded: 2 }),
        bucket(2, { refused: 4 }),
        bucket(3, { refused: 9 }),
      ],
    };
    expect(countsNow(health, morning)).toEqual({ ...noOutcomes, succeeded: 3 });
  });
});

describe('a collapse', () => {
  test.each([
    ['nine silences', { silent: 9 }, false],
    ['ten silences', { silent: 10 }, true],
    ['half of ten', { succeeded: 5, refused: 5 }, false],
    ['less than half', { succeeded: 5, refused: 3, silent: 3 }, true],
  ] as const)('of %s', (_, seen, collapsed) => {
    for (const minutesAgo of [0, 1, 5, 9]) {
      expect(hasCollapsed({ ...healthy, buckets: [bucket(minutesAgo, seen)] }, morning)).toBe(collapsed);
    }
  });

  test('shows within two minutes, whatever good times came before', () => {
    const good = [bucket(9, { succeeded: 900 }), bucket(2, { succeeded: 100 })];
    const seen = (...bad: ReturnType<typeof bucket>[]) =>
      hasCollapsed({ ...healthy, buckets: [...good, ...bad] }, morning);
    expect(seen(bucket(1, { silent: 5 }), bucket(0, { silent: 4 }))).toBe(false);
    expect(seen(bucket(1, { silent: 5 }), bucket(0, { silent: 5 }))).toBe(true);
    expect(seen(bucket(2, { silent: 5 }), bucket(0, { silent: 5 }))).toBe(false);
  });
});
