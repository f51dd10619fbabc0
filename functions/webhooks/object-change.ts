/** A change of an object as a table's stream tells it, and the event that a context makes of it. */
import type { Item } from '../kernel/table.ts';
import { eventIdOf, type WebhookEvent } from './event.ts';

export interface ObjectChange {
  /** absent for an object that is new */
  readonly before?: Item | undefined;
  readonly after: Item;
  /** the stream's own number of the change */
  readonly sequenceNumber: string;
  /** when it happened, to the second */
  readonly at: Date;
}

/** @returns undefined for a change that nobody is told of. @throws for an item that the context does not know. */
export type ReadChange = (change: ObjectChange) => WebhookEvent | undefined;

export const eventOf = (facts: Omit<WebhookEvent, 'id'>): WebhookEvent => ({
  id: eventIdOf(facts.objectId, facts.position),
  ...facts,
});
