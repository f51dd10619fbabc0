/** When the calendar expects the file of a day that has come. */
import { type Channels, findChannel, readStatementCalendars } from '../../channels/index.ts';
import type { StatementDay } from '../statement-key.ts';
import { expectationOf } from './expected-statement.ts';

/** Undefined where none is expected. 1 read unit per 4 KiB of calendars, and the configuration where there is one. */
export async function dueAtOfDay(
  channels: Pick<Channels, 'table' | 'catalogue'>,
  day: StatementDay,
): Promise<Date | undefined> {
  const calendars = await readStatementCalendars(channels);
  if (!calendars.some(({ channel }) => channel === day.channel)) return undefined;
  const channel = await findChannel(channels, day.channel);
  return channel && expectationOf(day, { calendars, timeZone: channel.timeZone })?.dueAt;
}
