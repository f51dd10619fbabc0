import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type StatementCalendar,
  statementCalendarKind,
} from '../../../functions/channels/configuration/kinds/statement-calendar.ts';
import { type AccountingDate, addDays } from '../../../functions/kernel/clock.ts';
import { dueAtOf, expectsFile } from '../../../functions/reconciliation/calendar/expected-day.ts';

const day = (text: string) => text as AccountingDate; // real days

const calendar = (changes: object = {}): StatementCalendar =>
  statementCalendarKind.read('bank', {
    channel: 'sandbox-bank',
    from: '2026-01-01',
    weekdays: [1, 2, 3, 4, 5],
    holidays: ['2026-10-01', '2026-10-02'],
    workingDays: ['2026-10-10'],
    due: { daysAfter: 1, at: '10:00' },
    emptyDays: 'confirmed',
    ...changes,
  });

describe('a calendar', () => {
  test.each([
    ['2026-09-30', true, 'a Wednesday'],
    ['2026-10-01', false, 'a holiday'],
    ['2026-10-03', false, 'a Saturday'],
    ['2026-10-10', true, 'a Saturday that is made up for'],
    ['2025-12-31', false, 'before the first day'],
  ])('of %s: %s, %s', (date, expected) => {
    expect(expectsFile(calendar(), day(date))).toBe(expected);
  });

  test('ends with its last day', () => {
    const closed = calendar({ until: '2026-09-30' });
    expect(['2026-09-30', '2026-10-05'].map((date) => expectsFile(closed, day(date)))).toEqual([true, false]);
  });

  test("is due on the wall clock of the channel's zone, summer time or not", () => {
    expect(dueAtOf(calendar(), day('2026-03-02'), 'Asia/Shanghai')).toEqual(new Date('2026-03-03T02:00:00Z'));
    expect(dueAtOf(calendar(), day('2026-03-05'), 'America/New_York')).toEqual(new Date('2026-03-06T15:00:00Z'));
    expect(dueAtOf(calendar(), day('2026-03-09'), 'America/New_York')).toEqual(new Date('2026-03-10T14:00:00Z'));
  });

  test('counts days that have a file over holidays, weekends and working Saturdays', () => {
    const counted = calendar({ due: { daysAfter: 2, countedIn: 'file_days', at: '10:00' } });
    // 1 and 2 October are holidays, 3 and 4 a weekend
    expect(dueAtOf(counted, day('2026-09-30'), 'UTC')).toEqual(new Date('2026-10-06T10:00:00Z'));
    // the Saturday counts
    expect(dueAtOf(counted, day('2026-10-08'), 'UTC')).toEqual(new Date('2026-10-10T10:00:00Z'));
  });

  test('never has a later day due before an earlier one', () => {
    const anyDay = fc.integer({ min: 0, max: 700 }).map((days) => addDays(day('2026-01-01'), days));
    const anyDue = fc.record({
      daysAfter: fc.integer({ min: 0, max: 14 }),
      countedIn: fc.constantFrom('days', 'file_days'),
      at: fc.constantFrom('00:00', '09:30', '23:59'),
    });
    fc.assert(
      fc.property(
        anyDay,
        anyDay,
        anyDue,
        fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York'),
        (a, b, due, zone) => {
          const [earlier, later] = [a, b].sort();
          const of = (date: AccountingDate) => dueAtOf(calendar({ due }), date, zone).getTime();
          if (earlier && later) expect(of(earlier)).toBeLessThanOrEqual(of(later));
        },
      ),
    );
  });
});
