/** Lists of payments, from the two indexes that `payment-store.ts` describes. Both lag behind writes by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { InstitutionId } from '../kernel/ids.ts';
import type { PageRequest } from '../kernel/page.ts';
import { fromItem, type Item, type Table, toItem } from '../kernel/table.ts';
import { type ExpectedDay, expectedDayKey } from './expected-day.ts';
import type { Payment } from './payment.ts';
import { createdKeyOf, paymentFromItem } from './payment-store.ts';

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

export interface PaymentList {
  readonly payments: readonly Payment[];
  /** where the next page begins; absent at the end of the list */
  readonly continueAfter?: string;
}

const pageItems = 200;

/**
 * So many pages of {@link pageItems} are looked through for one answer. A filter that matches little may therefore
 * answer few items, or none, with a cursor that goes on from there: never an end that is none.
 */
const maximumPages = 10;

/** Newest first. An item has about 1 KiB: 25 read units per 200 of them looked through, matching or not. */
export async function listPayments(table: Table, request: PaymentListRequest): Promise<PaymentList> {
  const between = bounds(request);
  const found: Payment[] = [];
  if (between.oldest > between.newest) return { payments: found };
  let start: Record<string, AttributeValue> | undefined;
  for (let page = 1; page <= maximumPages; page++) {
    const { Items: items = [], LastEvaluatedKey: last } = await table.client.send(
      new QueryCommand({ ...byInstitution(table, request, between), ExclusiveStartKey: start }),
    );
    for (const item of items) {
      const payment = paymentFromItem(fromItem(item));
      if (createdKeyOf(payment) === request.after) continue;
      const last = found.at(-1);
      // one more than asked for tells that there are more
      if (found.length === request.limit && last) return { payments: found, continueAfter: createdKeyOf(last) };
      found.push(payment);
    }
    if (last === undefined) return { payments: found };
    start = last;
  }
  const lookedThrough = start && fromItem(start)['createdKey'];
  return { payments: found, continueAfter: String(lookedThrough) };
}

interface Bounds {
  readonly oldest: string;
  readonly newest: string;
}

/**
 * Keys begin with an ISO instant, and `~` sorts behind every character of one. Both ends are taken in: a bare instant
 * sorts before all keys of that instant, and the reader skips `after` itself.
 */
const bounds = ({ after, from, until }: PaymentListRequest): Bounds => ({
  oldest: from?.toISOString() ?? ' ',
  newest: [after, until?.toISOString()].filter((bound) => bound !== undefined).sort()[0] ?? '~',
});

function byInstitution(table: Table, { institutionId, filter, limit }: PaymentListRequest, { oldest, newest }: Bounds) {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return {
    TableName: table.name,
    IndexName: 'by-institution',
    KeyConditionExpression: 'institutionId = :institution AND createdKey BETWEEN :oldest AND :newest',
    ...(given.length > 0 && {
      FilterExpression: given.map(([name]) => `#${name} = :${name}`).join(' AND '),
      ExpressionAttributeNames: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    }),
    ExpressionAttributeValues: toItem({
      ':institution': institutionId,
      ':oldest': oldest,
      ':newest': newest,
      ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    } satisfies Item),
    ScanIndexForward: false,
    Limit: given.length > 0 ? pageItems : Math.min(pageItems, limit + 2),
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
