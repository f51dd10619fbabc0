/** Lists of payments, from the two indexes that `payment-store.ts` describes. Both lag behind writes by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId } from '../kernel/ids.ts';
import { type Merged, mergeNewest, type Stretch } from '../kernel/merge-newest.ts';
import type { PageRequest } from '../kernel/page.ts';
import { fromItem, type Item, type Table, toItem } from '../kernel/table.ts';
import { type ExpectedDay, expectedDayKey } from './expected-day.ts';
import type { Payment } from './payment.ts';
import { createdKeyOf, listingOf, listingShards, paymentFromItem } from './payment-store.ts';

export interface PaymentFilter {
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  readonly accountId?: string | undefined;
  readonly channel?: string | undefined;
}

export interface PaymentListRequest extends PageRequest {
  readonly institutionId: InstitutionId;
  readonly filter: PaymentFilter;
  /** created at or after */
  readonly from?: Date | undefined;
  /** created before */
  readonly until?: Date | undefined;
}

/**
 * So many items are looked through at a time, over all shards, and so many times for one answer. A filter that matches
 * little may therefore answer few items, or none, with a place to go on from: never an end that is none.
 */
const stretchItems = 150;
const maximumRounds = 12;

/** Newest first. An item has about 1 KiB: 13 read units per 100 of them looked through, matching or not. */
export async function listPayments(table: Table, request: PaymentListRequest): Promise<Merged<Payment>> {
  const { oldest, newest } = bounds(request);
  if (oldest > newest) return { items: [] };
  const shards = Array.from({ length: listingShards }, (_, shard) => listingOf(request.institutionId, shard));
  const lists = shards.map((listing) => (after: string) => readOn(table, { ...request, listing, oldest, after }));
  return mergeNewest(lists, { after: newest, limit: request.limit, maximumRounds });
}

/**
 * Keys begin with an ISO instant, and `~` sorts behind every character of one. A bare instant sorts before all keys of
 * that instant.
 */
const bounds = ({ after, from, until }: PaymentListRequest): { readonly oldest: string; readonly newest: string } => ({
  oldest: from?.toISOString() ?? ' ',
  newest: [after, until?.toISOString()].filter((bound) => bound !== undefined).sort()[0] ?? '~',
});

interface StretchRequest extends Pick<PaymentListRequest, 'filter' | 'limit'> {
  readonly listing: string;
  readonly oldest: string;
  readonly after: string;
}

async function readOn(
  table: Table,
  { listing, filter, limit, oldest, after }: StretchRequest,
): Promise<Stretch<Payment>> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const size = given.length > 0 ? stretchItems : Math.min(stretchItems, 2 * limit);
  const { Items: found = [], LastEvaluatedKey: last } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-institution',
      // both ends are taken in, and `after` itself is dropped below
      KeyConditionExpression: 'listing = :listing AND createdKey BETWEEN :oldest AND :newest',
      ...(given.length > 0 && {
        FilterExpression: given.map(([name]) => `#${name} = :${name}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
      }),
      ExpressionAttributeValues: toItem({
        ':listing': listing,
        ':oldest': oldest,
        ':newest': after,
        ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
      } satisfies Item),
      ScanIndexForward: false,
      Limit: Math.ceil(size / listingShards) + 2,
    }),
  );
  const payments = found.map((item) => paymentFromItem(fromItem(item)));
  return {
    items: payments.map((item) => ({ key: createdKeyOf(item), item })).filter(({ key }) => key !== after),
    lookedThrough: last && String(fromItem(last)['createdKey']),
  };
}

/** Our payments of one merchant number, day and shard, by channel order number. Half a read unit per 4 KiB. */
export async function* expectedPayments(
  { table }: { readonly table: Table },
  expected: ExpectedDay,
): AsyncIterable<Payment> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'by-expected-day',
        KeyConditionExpression: 'expectedDay = :day',
        ExpressionAttributeValues: toItem({ ':day': expectedDayKey(expected) }),
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) yield paymentFromItem(fromItem(item));
    start = page.LastEvaluatedKey;
  } while (start);
}
