/** Lists of payments, from the two indexes that `payment-store.ts` describes. Both lag behind writes by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId, PaymentId } from '../kernel/ids.ts';
import { readListing } from '../kernel/listing.ts';
import type { ReadOn } from '../kernel/merge-newest.ts';
import { currencySchema, money } from '../kernel/money.ts';
import { type Table, toItem } from '../kernel/table.ts';
import { type ExpectedDay, expectedDayKey } from './expected-day.ts';
import { type Payment, type PaymentKind, paymentKinds } from './payment.ts';
import { type PaymentStatus, paymentStatuses } from './payment-states.ts';
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

/** What a reconciliation needs of a payment. */
export type ExpectedPayment = Pick<
  Payment,
  'id' | 'kind' | 'status' | 'channelOrderNo' | 'channelTradeNo' | 'amount' | 'fee' | 'completedAt' | 'batchNo'
>;

/** Their names as attributes; `status` is a word that DynamoDB reserves. */
const expectedAttributes =
  'id, kind, #status, channelOrderNo, channelTradeNo, amount, fee, currency, completedAt, batchNo';

/**
 * Our payments of one merchant number, day and shard, by channel order number. Half a read unit per 4 KiB of whole payments; only
 * what is needed of them travels and is decoded, since there may be a million.
 */
export async function* expectedPayments(
  { table }: { readonly table: Table },
  expected: ExpectedDay,
): AsyncIterable<ExpectedPayment> {
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'by-expected-day',
        KeyConditionExpression: 'expectedDay = :day',
        ProjectionExpression: expectedAttributes,
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: toItem({ ':day': expectedDayKey(expected) }),
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) yield expectedPaymentOf(item);
    start = page.LastEvaluatedKey;
  } while (start);
}

const kinds: ReadonlySet<string> = new Set(paymentKinds);
const statuses: ReadonlySet<string> = new Set(paymentStatuses);

/** By hand, at a twentieth of what a schema for all of a payment takes. @throws Error for an item that is no payment of ours */
function expectedPaymentOf(item: Record<string, AttributeValue>): ExpectedPayment {
  const text = (name: string): string => {
    const value = item[name]?.S;
    if (value === undefined) throw new Error(`a payment has no ${name}: ${item['id']?.S}`);
    return value;
  };
  const minorUnits = (name: string): bigint => {
    const digits = item[name]?.N;
    if (digits === undefined) throw new Error(`a payment has no ${name}: ${item['id']?.S}`);
    return BigInt(digits);
  };
  const [id, kind, status] = [text('id'), text('kind'), text('status')];
  if (!kinds.has(kind) || !statuses.has(status)) throw new Error(`${id} is of kind ${kind} and status ${status}`);
  const currency = currencySchema.parse(text('currency'));
  const { channelTradeNo, completedAt, batchNo } = item;
  return {
    id: id as PaymentId, // our own store wrote it
    kind: kind as PaymentKind, // looked up just now
    status: status as PaymentStatus, // and so was this
    channelOrderNo: text('channelOrderNo'),
    ...(channelTradeNo?.S !== undefined && { channelTradeNo: channelTradeNo.S }),
    amount: money(minorUnits('amount'), currency),
    fee: money(minorUnits('fee'), currency),
    ...(completedAt?.S !== undefined && { completedAt: new Date(completedAt.S) }),
    ...(batchNo?.S !== undefined && { batchNo: batchNo.S }),
  };
}
