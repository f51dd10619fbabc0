import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AccountingDate, accountingDateAt } from '../../functions/kernel/clock.ts';
import { firstInstantAfter, firstInstantOf } from '../../functions/kernel/day-bounds.ts';

const day = (text: string) => text as AccountingDate;

describe('the bounds of a day', () => {
  test.each([
    ['2026-03-01', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z'],
    ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01', 'Asia/Kathmandu', '2026-02-28T18:15:00.000Z'],
    ['2026-03-01', 'Pacific/Kiritimati', '2026-02-28T10:00:00.000Z'],
    ['2026-03-01', 'Pacific/Pago_Pago', '2026-03-01T11:00:00.000Z'],
    // the clocks of Beirut went from 00:00 to 01:00: the day began at one o'clock
    ['2022-03-27', 'Asia/Beirut', '2022-03-26T22:00:00.000Z'],
  ])('%s in %s begins at %s', (date, zone, instant) => {
    expect(firstInstantOf(day(date), zone).toISOString()).toBe(instant);
  });

  test('the day after the last of a year begins with the next year', () => {
    expect(firstInstantAfter(day('2026-12-31'), 'Asia/Shanghai').toISOString()).toBe('2026-12-31T16:00:00.000Z');
  });

  test('a moment earlier it is still the day before', () => {
    const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Europe/London'];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2020-01-02'), max: new Date('2035-12-31'), noInvalidDate: true }),
        (zone, date) => {
          const today = day(date.toISOString().slice(0, 10));
          const first = firstInstantOf(today, zone);
          expect(accountingDateAt(first, zone)).toBe(today);
          expect(accountingDateAt(new Date(first.getTime() - 1), zone) < today).toBe(true);
        },
      ),
    );
  });
});
