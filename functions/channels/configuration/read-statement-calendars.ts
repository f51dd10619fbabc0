import type { Channels } from '../channels.ts';
import { listEntries } from './configuration-store.ts';
import { type StatementCalendar, statementCalendarKind } from './kinds/statement-calendar.ts';

/** All of them, in one Query: 1 read unit per 4 KiB, about ten of them. */
export async function readStatementCalendars({
  table,
}: Pick<Channels, 'table'>): Promise<readonly StatementCalendar[]> {
  const stored = await listEntries(table, 'statement-calendars', {});
  return stored.map(({ id, value }) => statementCalendarKind.read(id, value));
}

/** The merchant number's own, else its channel's. */
export const calendarOf = (
  calendars: readonly StatementCalendar[],
  { channel, merchantNo }: { readonly channel: string; readonly merchantNo: string },
): StatementCalendar | undefined =>
  calendars.find((calendar) => calendar.channel === channel && calendar.merchantNo === merchantNo) ??
  calendars.find((calendar) => calendar.channel === channel && calendar.merchantNo === undefined);
