/**
 * The log of events.
 *
 * | pk | sk | indexes |
 * | --- | --- | --- |
 * | `OBJECT#<objectId>` | `EVENT#<position>` | `by-listing`: `EVENTS#<institution>#<shard>`, `<occurredAt>#<id>`; `by-id`: id |
 */
import * as z from 'zod';
import type { EventId, InstitutionId } from '../kernel/ids.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { WebhookEvent } from './event.ts';
import { eventTypes } from './event-types.ts';
import { findById, type ListRequest, listingKeys, readList } from './listing-store.ts';
import { expiryOf } from './retention.ts';

type Place = Pick<WebhookEvent, 'objectId' | 'position'>;

const keyOf = ({ objectId, position }: Place) => ({ pk: `OBJECT#${objectId}`, sk: `EVENT#${position}` });

const itemSchema = z.object({
  id: z.string().transform((id) => id as EventId), // our own store wrote it, here and below
  type: z.enum(eventTypes),
  institutionId: z.string().transform((id) => id as InstitutionId),
  objectId: z.string(),
  position: z.string(),
  occurredAt: z.iso.datetime().transform((text) => new Date(text)),
  data: z.string(),
});

const fromEventItem = (item: Item): WebhookEvent => itemSchema.parse(item);

/** Where its institution's list has it. */
export const placeInList = ({ occurredAt, id }: Pick<WebhookEvent, 'occurredAt' | 'id'>): string =>
  `${occurredAt.toISOString()}#${id}`;

/** Broken where the event has been written: what a stream tells twice is written once. */
export const addEventWrite = (table: Table, event: WebhookEvent): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({
        ...keyOf(event),
        ...event,
        ...listingKeys(`EVENTS#${event.institutionId}`, event.occurredAt, event.id),
        occurredAt: event.occurredAt.toISOString(),
        expiresAt: expiryOf(event.occurredAt),
      }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** 1 read unit per 4 KiB. */
export async function readEvent(table: Table, place: Place): Promise<WebhookEvent | undefined> {
  const item = await getItem(table, keyOf(place));
  return item && fromEventItem(item);
}

export async function findEvent(table: Table, id: EventId): Promise<WebhookEvent | undefined> {
  const key = await findById(table, id);
  const item = key && (await getItem(table, key));
  return item && fromEventItem(item);
}

export interface EventPage {
  readonly items: readonly WebhookEvent[];
  readonly continueAfter?: string;
}

export async function listEvents(table: Table, institutionId: InstitutionId, request: ListRequest): Promise<EventPage> {
  const { items, ...rest } = await readList(table, `EVENTS#${institutionId}`, request);
  return { ...rest, items: items.map(fromEventItem) };
}

/** All events of one object, oldest first: no more than its states. 1 read unit per 4 KiB. */
export async function eventsOfObject(table: Table, objectId: string): Promise<readonly WebhookEvent[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :events)',
    values: { ':pk': keyOf({ objectId, position: '' }).pk, ':events': 'EVENT#' },
  });
  return items.map(fromEventItem);
}
