/** Lists of payments, from the two indexes that `payment-store.ts` describes. Both lag behind writes by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId } from '../kernel/ids.ts';
import type { ReadOn, Stretch } from '../kernel/merge-newest.ts';
import { fromItem, type Item, type Table, toItem } from '../kernel/table.ts';
import { type ExpectedDay, expectedDayKey } from './expected-day.ts';
import type { Payment } from './payment.ts';
import { createdKeyOf, listingOf, listingShards, paymentFromItem } from './payment-store.ts';

/** What is wanted of an institution's payments; what is absent is not looked at. */
export interface PaymentFilter {
  readonly kind?: string | undefined;
  readonly status?: string | undefined;
  readonly accountId?: string | undefined;
  readonly channel?: string | undefined;
}

export interface PaymentListRequest {
  readonly institutionId: InstitutionId;
  readonly filter: PaymentFilter;
  /** the oldest key that is wanted */
  readonly oldest: string;
  /** so many items are looked through at a time, over all shards */
  readonly stretchItems: number;
}

/**
 * An institution's payments in eight lists, newest first, to be merged: keys are `<instant>#<id>`. An item has about
 * 1 KiB: 13 read units per 100 of them looked through, matching or not.
 */
export const paymentLists = (table: Table, request: PaymentListRequest): readonly ReadOn<Payment>[] =>
  Array.from({ length: listingShards }, (_, shard) => {
    const listing = listingOf(request.institutionId, shard);
    return (after: string) => readOn(table, { ...request, listing, after });
  });

interface StretchRequest extends Omit<PaymentListRequest, 'institutionId'> {
  readonly listing: string;
  readonly after: string;
}

async function readOn(
  table: Table,
  { listing, filter, stretchItems, oldest, after }: StretchRequest,
): Promise<Stretch<Payment>> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
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
      Limit: Math.ceil(stretchItems / listingShards) + 2,
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
