/** Carries the changes of one table over into the log of events, in the order of its stream. */
import type { ObjectChange, ReadChange } from './object-change.ts';
import { type Recording, recordEvent } from './record-event.ts';

export interface Relayed {
  readonly events: number;
  /** the change at which it stopped, and why; that one and all after it have to be told again */
  readonly stopped?: { readonly at: string; readonly cause: unknown };
}

/** One after the other, so that of one object nothing is written before what came earlier. */
export async function relayChanges(
  recording: Recording,
  changes: readonly ObjectChange[],
  readChange: ReadChange,
): Promise<Relayed> {
  let events = 0;
  for (const change of changes) {
    try {
      const event = readChange(change);
      if (event && (await recordEvent(recording, { event })) === 'recorded') events += 1;
    } catch (cause) {
      return { events, stopped: { at: change.sequenceNumber, cause } };
    }
  }
  return { events };
}
