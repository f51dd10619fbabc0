/**
 * Deliveries, by lane.
 *
 * | pk | sk | indexes |
 * | --- | --- | --- |
 * | `LANE#<endpointId>#<objectId>` | `DELIVERY#<position>` | `by-listing`: `DELIVERIES#<endpoint>#<shard>`, `<createdAt>#<id>`; `by-id`: id; while pending `open-by-due`: `OPEN#<shard>`, `<dueAt>#<id>` |
 */
import * as z from 'zod';
import type { DeliveryId, EventId, InstitutionId, WebhookEndpointId } from '../kernel/ids.ts';
import { getItem, type Item, putIf, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { attemptErrors, type Delivery, deathReasons, deliveryStatuses, type Lane } from './delivery.ts';
import { eventTypes } from './event-types.ts';
import { findById, type ListRequest, listingKeys, readList } from './listing-store.ts';
import { expiryOf } from './retention.ts';

export const laneKey = ({ endpointId, objectId }: Lane): string => `LANE#${endpointId}#${objectId}`;

const keyOf = (delivery: Lane & Pick<Delivery, 'position'>) => ({
  pk: laneKey(delivery),
  sk: `DELIVERY#${delivery.position}`,
});

export const openShards = 4;
const openShard = (shard: number): string => `OPEN#${shard}`;

const text = <Branded extends string>() => z.string().transform((value) => value as Branded); // our own store wrote it
const instant = z.iso.datetime().transform((value) => new Date(value));
const count = z.bigint().transform(Number);

const itemSchema = z.object({
  id: text<DeliveryId>(),
  institutionId: text<InstitutionId>(),
  endpointId: text<WebhookEndpointId>(),
  objectId: z.string(),
  eventId: text<EventId>(),
  eventType: z.enum(eventTypes),
  position: z.string(),
  status: z.enum(deliveryStatuses),
  death: z.enum(deathReasons).optional(),
  tries: count,
  dueAt: instant,
  createdAt: instant,
  deliveredAt: instant.optional(),
  attempts: z.array(
    z.object({
      at: instant,
      durationMs: count,
      statusCode: count.optional(),
      error: z.enum(attemptErrors).optional(),
    }),
  ),
  version: count,
});

const fromDeliveryItem = (item: Item): Delivery => itemSchema.parse(item);

function itemOf(delivery: Delivery): Item {
  const { id, endpointId, createdAt, dueAt } = delivery;
  return {
    ...keyOf(delivery),
    ...delivery,
    ...listingKeys(`DELIVERIES#${endpointId}`, createdAt, id),
    ...(delivery.status === 'pending' && {
      openShard: openShard((id.codePointAt(id.length - 1) ?? 0) % openShards),
      dueKey: `${dueAt.toISOString()}#${id}`,
    }),
    dueAt: dueAt.toISOString(),
    createdAt: createdAt.toISOString(),
    deliveredAt: delivery.deliveredAt?.toISOString(),
    attempts: delivery.attempts.map((attempt) => ({ ...attempt, at: attempt.at.toISOString() })),
    expiresAt: expiryOf(createdAt),
  };
}

/** Broken where it stands already. 2 write units, and 2 to 3 for the indexes. */
export const addDeliveryWrite = (table: Table, delivery: Delivery): Write =>
  write({
    Put: { TableName: table.name, Item: toItem(itemOf(delivery)), ConditionExpression: 'attribute_not_exists(pk)' },
  });

/** @returns false when anything has changed since `from` was read. 1 write unit, and as much for each index. */
export function replaceDelivery(table: Table, from: Delivery, to: Delivery): Promise<boolean> {
  return putIf(table, {
    TableName: table.name,
    Item: toItem(itemOf(to)),
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: toItem({ ':version': from.version }),
  });
}

/** 1 read unit. */
export async function readDelivery(
  table: Table,
  place: Lane & Pick<Delivery, 'position'>,
): Promise<Delivery | undefined> {
  const item = await getItem(table, keyOf(place));
  return item && fromDeliveryItem(item);
}

export async function findDelivery(table: Table, id: DeliveryId): Promise<Delivery | undefined> {
  const key = await findById(table, id);
  const item = key && (await getItem(table, key));
  return item && fromDeliveryItem(item);
}

/** The lane's first open deliveries, strongly consistent. 1 read unit per 4 KiB of the lane. */
export async function firstOpen(table: Table, lane: Lane, limit: number): Promise<readonly Delivery[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :deliveries)',
    filter: '#status = :pending',
    names: { '#status': 'status' },
    values: { ':pk': laneKey(lane), ':deliveries': 'DELIVERY#', ':pending': 'pending' },
  });
  return items.slice(0, limit).map(fromDeliveryItem);
}

export interface DeliveryPage {
  readonly items: readonly Delivery[];
  readonly continueAfter?: string;
}

export async function listDeliveries(
  table: Table,
  endpointId: WebhookEndpointId,
  request: ListRequest,
): Promise<DeliveryPage> {
  const { items, ...rest } = await readList(table, `DELIVERIES#${endpointId}`, request);
  return { ...rest, items: items.map(fromDeliveryItem) };
}

/** Open deliveries that were due before an instant, the oldest first, of one part of all. Half a read unit per 4 KiB. */
export async function openDueBefore(
  table: Table,
  shard: number,
  { before, limit }: { readonly before: Date; readonly limit: number },
): Promise<readonly Delivery[]> {
  const items = await queryItems(table, {
    index: 'open-by-due',
    keys: 'openShard = :shard AND dueKey < :before',
    values: { ':shard': openShard(shard), ':before': before.toISOString() },
    limit,
  });
  return items.map(fromDeliveryItem);
}
