/** Which days have a statement and when it is due, by a calendar: pure functions. */
import type { StatementCalendar, Weekday } from '../../channels/index.ts';
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import { localInstantOf } from '../reading/instant.ts';

/** Whether a file is expected that tells of the day. */
export const expectsFile = (calendar: StatementCalendar, day: AccountingDate): boolean =>
  isTold(calendar, day) && isFileDay(calendar, day);

/** Whether the calendar says anything of the day. */
export const isTold = ({ from, until }: StatementCalendar, day: AccountingDate): boolean =>
  day >= from && (until === undefined || day <= until);

/** The same whatever the calendar's first and last day are. */
function isFileDay({ weekdays, holidays, workingDays }: StatementCalendar, day: AccountingDate): boolean {
  if (workingDays.includes(day)) return true;
  return weekdays.includes(weekdayOf(day)) && !holidays.includes(day);
}

function weekdayOf(day: AccountingDate): Weekday {
  const fromSunday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (fromSunday === 0 ? 7 : fromSunday) as Weekday; // 1 to 7
}

/** No calendar has more days off in a row: it lists 400 at most. */
const longestBreakDays = 450;

/** By when the file of a day must have come, before any grace. */
export function dueAtOf(calendar: StatementCalendar, day: AccountingDate, timeZone: string): Date {
  const { daysAfter, countedIn, at } = calendar.due;
  let on = addDays(day, countedIn === 'days' ? daysAfter : 0);
  if (countedIn === 'file_days') {
    for (let left = daysAfter, looked = 0; left > 0 && looked < longestBreakDays; looked++) {
      on = addDays(on, 1);
      if (isFileDay(calendar, on)) left -= 1;
    }
  }
  const due = localInstantOf(on, `${at}:00`, timeZone);
  if (!due) throw new RangeError(`${on} ${at} is no time`);
  return due;
}
