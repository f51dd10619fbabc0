/** Acts on what a kept message says, as often as it takes: what is done stays done. */
import type { CallbackEvent } from '../../channels/index.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { applyEvent } from './apply-event.ts';
import { actedOn, type Callback, type EventOutcome, isFinal } from './callback.ts';
import { readCallback, replaceCallback } from './callback-store.ts';
import type { ActingBooks } from './callbacks.ts';

/** A message of a batch may tell of hundreds of orders. */
const maximumLanes = 8;

/**
 * Events of one order are acted on in the order in which they are told, those of different orders side by side.
 *
 * @param isLastLook nobody waits any longer for a payment that is not there
 * @throws AggregateError after everything else was done; then nothing is marked and all is acted on again
 */
export async function actOnCallback(
  books: ActingBooks,
  callback: Callback,
  { isLastLook }: { readonly isLastLook: boolean },
): Promise<Callback> {
  const outcomes = await outcomesOf(books, callback);
  const after = actedOn(callback, outcomes, { at: books.clock(), isLastLook });
  if (await replaceCallback(books.table, callback, after)) return after;
  const now = await readCallback(books.table, callback.id);
  if (!now) throw new Error(`the message ${callback.id} is gone`);
  return now;
}

interface Told {
  readonly place: number;
  readonly event: CallbackEvent;
}

async function outcomesOf(books: ActingBooks, callback: Callback): Promise<readonly EventOutcome[]> {
  const { channel, events, outcomes } = callback;
  const told = events.map((event, place): Told => ({ place, event }));
  const byOrder = [...Map.groupBy(told, ({ event }) => event.channelOrderNo).values()];
  const applied = await inLanes(byOrder, maximumLanes, async (ofOrder) => {
    const results: (readonly [number, EventOutcome])[] = [];
    for (const { place, event } of ofOrder) {
      const before = outcomes[place];
      const outcome = before && isFinal(before) ? before : await applyEvent(books, channel, event);
      results.push([place, outcome]);
    }
    return results;
  });
  const byPlace = new Map(applied.flat());
  return events.map((_, place) => {
    const outcome = byPlace.get(place);
    if (!outcome) throw new Error(`event ${place} of ${callback.id} was passed over`);
    return outcome;
  });
}
