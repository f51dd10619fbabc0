import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  feeScheduleJson,
  feeScheduleOf,
  feeScheduleSchema,
} from '../../../functions/channels/configuration/kinds/fee-schedule.ts';
import { feeOf, feeOn } from '../../../functions/channels/index.ts';
import { parseAccountingDate } from '../../../functions/kernel/clock.ts';

const tier = fc.record({ flat: fc.nat(), basisPoints: fc.nat(10_000) });

/** Any schedule that the schema lets through. */
const schedules = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }).chain((months) =>
  fc.tuple(
    ...months
      .toSorted((a, b) => a - b)
      .map((month) =>
        fc
          .record({
            bounds: fc.uniqueArray(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { maxLength: 4 }),
            tiers: fc.array(tier, { minLength: 5, maxLength: 5 }),
            extremes: fc.option(fc.tuple(fc.nat(), fc.nat())),
          })
          .map(({ bounds, tiers, extremes }) => {
            const ascending = bounds.toSorted((a, b) => a - b);
            const [one = 0, other = 0] = extremes ?? [];
            return {
              from: `2026-0${month}-01`,
              tiers: [...ascending, undefined].map((upTo, index) => ({
                ...(upTo !== undefined && { upTo }),
                flat: tiers[index]?.flat ?? 0,
                basisPoints: tiers[index]?.basisPoints ?? 0,
              })),
              ...(extremes && { minimum: Math.min(one, other), maximum: Math.max(one, other) }),
            };
          }),
      ),
  ),
);

test('a schedule is read and written back without a loss', () => {
  fc.assert(
    fc.property(schedules, (json) => {
      const parsed = feeScheduleSchema.parse(json);
      expect(feeScheduleJson(feeScheduleOf(parsed))).toEqual(json);
    }),
  );
});

test('its fee is charged by the tier of the amount and the version of the day', () => {
  const [low, high] = [
    { upTo: 100_000, flat: 100, basisPoints: 0 },
    { flat: 0, basisPoints: 10 },
  ];
  const schedule = feeScheduleOf(
    feeScheduleSchema.parse([
      { from: '2026-01-01', tiers: [low, high], maximum: 5_000 },
      { from: '2026-07-01', tiers: [{ flat: 0, basisPoints: 20 }] },
    ]),
  );
  const feeAt = (day: string, amount: bigint) => {
    const parsed = parseAccountingDate(day);
    if (!parsed) throw new Error(`${day} is no day`);
    return feeOf(feeOn(schedule, parsed), amount);
  };
  expect(feeAt('2025-12-31', 100_000n)).toBe(0n);
  expect(feeAt('2026-01-01', 100_000n)).toBe(100n);
  expect(feeAt('2026-01-01', 100_001n)).toBe(100n);
  expect(feeAt('2026-06-30', 2_000_000n)).toBe(2_000n);
  expect(feeAt('2026-06-30', 90_000_000n)).toBe(5_000n);
  expect(feeAt('2026-07-01', 90_000_000n)).toBe(180_000n);
});
