import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { concludeDay } from '../close/close-day.ts';
import { closeRunSchema } from '../close/close-lines.ts';

export const handler = eventHandler(closeRunSchema, async (run) => {
  const { day, entries, owners, closedAt } = await concludeDay(closing(), run);
  return { day, entries, owners, closedAt };
});
