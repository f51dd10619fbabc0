/** Notices that a day was not closed, whatever the reason: the schedule, the workflow, or nobody having been told. */
import { addDays } from '../../kernel/clock.ts';
import { readBusinessDates } from '../business-date-store.ts';
import type { Closing } from './close.ts';

/**
 * @param closing its calendar day is the one of an hour ago: so long a close may take
 * @throws Error where the business date is behind, or the day before it is not closed. 1 read unit.
 */
export async function checkBusinessDate({ table, calendarDay }: Pick<Closing, 'table' | 'calendarDay'>): Promise<void> {
  const dates = await readBusinessDates(table);
  if (!dates) return;
  const today = calendarDay();
  if (dates.open < today) throw new Error(`the business date is ${dates.open}, and the calendar day ${today}`);
  const due = addDays(today, -1);
  const isClosed = due < dates.first || (dates.closedThrough !== undefined && dates.closedThrough >= due);
  if (!isClosed) throw new Error(`the business day ${due} is not closed`);
}
