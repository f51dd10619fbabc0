/** Lists of payments, from the two indexes that `payment-store.ts` describes. Both lag behind writes by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId } from '../kernel/ids.ts';
import { readListing } from '../kernel/listing.ts';
import type { ReadOn } from '../kernel/merge-newest.ts';
import { fromItem, type Table, toItem } from '../kernel/table.ts';
import { type ExpectedDay, expectedDayKey } from './expected-day.ts';
import type { Payment } from './payment.ts';
import { listingOf, listingShards, paymentFromItem } from './payment-store.ts';

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
export function paymentLists(
  table: Table,
  { institutionId, filter, oldest, stretchItems }: PaymentListRequest,
): readonly ReadOn<Payment>[] {
  const limit = Math.ceil(stretchItems / listingShards) + 2;
  return Array.from({ length: listingShards }, (_, shard) => {
    const place = { index: 'by-institution', listing: listingOf(institutionId, shard), sortKey: 'createdKey' };
    return (after: string) =>
      readListing(table, { ...place, oldest, after, filter: { ...filter }, limit }, paymentFromItem);
  });
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
