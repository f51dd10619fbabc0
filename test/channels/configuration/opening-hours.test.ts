import { describe, expect, test } from '@jest/globals';
import { isOpenAt, type OpeningHours } from '../../../functions/channels/index.ts';

const weekdays: OpeningHours = [
  { days: [1, 2, 3, 4, 5], from: '08:00', to: '22:30' },
  { days: [6], from: '20:00', to: '24:00' },
  { days: [7], from: '00:00', to: '02:00' },
];

describe('opening hours', () => {
  test.each([
    ['2026-03-02T07:59:59+08:00', false],
    ['2026-03-02T08:00:00+08:00', true],
    ['2026-03-02T22:29:59+08:00', true],
    ['2026-03-02T22:30:00+08:00', false],
    ['2026-03-07T19:59:00+08:00', false],
    ['2026-03-07T23:59:59+08:00', true],
    ['2026-03-08T00:00:00+08:00', true],
    ['2026-03-08T02:00:00+08:00', false],
    // the same instants, written elsewhere
    ['2026-03-02T00:00:00Z', true],
    ['2026-03-01T23:59:59Z', false],
  ])('at %s: %s', (instant, open) => {
    expect(isOpenAt(weekdays, new Date(instant), 'Asia/Shanghai')).toBe(open);
  });

  test('follow the summer time of their zone', () => {
    const morning: OpeningHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '09:01' }];
    expect(isOpenAt(morning, new Date('2026-01-15T08:00:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpenAt(morning, new Date('2026-07-15T07:00:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOpenAt(morning, new Date('2026-07-15T08:00:00Z'), 'Europe/Berlin')).toBe(false);
  });

  test.each([undefined, []])('that are not told (%s) are around the clock', (hours) => {
    expect(isOpenAt(hours, new Date(), 'Asia/Shanghai')).toBe(true);
  });
});
