import * as z from 'zod';
import { parseAccountingDate } from '../../kernel/clock.ts';
import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { InvalidDay, nextDay } from '../close-day.ts';

/** What the execution was started with: by the schedule with nothing, by hand perhaps with a day. */
const startSchema = z.object({ until: z.string().optional() });

export const handler = eventHandler(startSchema, async ({ until }) => {
  const day = until === undefined ? undefined : parseAccountingDate(until);
  if (until !== undefined && day === undefined) throw new InvalidDay(`${until} is no calendar day`);
  return nextDay(closing(), day);
});
