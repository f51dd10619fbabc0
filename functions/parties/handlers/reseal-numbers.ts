import * as z from 'zod';
import { systemClock } from '../../kernel/clock.ts';
import { eventHandler } from '../../runtime/event.ts';
import { resealing } from '../../runtime/wiring/parties.ts';
import { reseal } from '../reseal.ts';

/** Lambda ends a call after 15 minutes: one page of 200 items takes seconds. */
const callMs = 13 * 60_000;

/** Called by hand, with the `next` of the call before it where there is one, until none is answered. */
const callSchema = z.object({ next: z.object({ pk: z.string(), sk: z.string() }).optional() });

export const handler = eventHandler(callSchema, async ({ next }) => {
  const ends = systemClock().getTime() + callMs;
  return reseal(resealing(), { from: next, isOver: () => systemClock().getTime() >= ends });
});
