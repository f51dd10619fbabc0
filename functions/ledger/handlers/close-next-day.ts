import * as z from 'zod';
import { parseAccountingDate } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/refusal.ts';
import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { nextDay } from '../close/close-day.ts';

/** What the execution was started with: by the schedule with nothing, by hand perhaps with a day. */
const startSchema = z.strictObject({ until: z.string().optional() });

export const handler = eventHandler(z.object({ start: z.unknown() }), async ({ start }) => {
  const parsed = startSchema.safeParse(start);
  if (!parsed.success) return refuse('invalid_start', 'The input is {} or {"until": "YYYY-MM-DD"} and nothing else.');
  const { until } = parsed.data;
  if (until === undefined) return nextDay(closing());
  const day = parseAccountingDate(until);
  return day ? nextDay(closing(), day) : refuse('invalid_day', `"${until}" is no calendar day.`);
});
