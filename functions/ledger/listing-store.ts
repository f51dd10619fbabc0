/** Lists of transfers and of holds, from the index `by-institution`, which lags behind writes by moments. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import { type Merged, mergeNewest, type ReadOn, type Stretch } from '../kernel/merge-newest.ts';
import type { PageRequest } from '../kernel/page.ts';
import { fromItem, type Item, type Table, toItem } from '../kernel/table.ts';
import type { Hold } from './holds/hold.ts';
import { holdFromItem } from './holds/hold-store.ts';
import { listingsOf } from './listing-key.ts';
import { postingFromItem } from './posting-store.ts';
import { type Transfer, transferFrom } from './transfers/transfer.ts';

interface ListRequest extends PageRequest {
  readonly institutionId: InstitutionId;
}

/** So many items of each shard are looked through at a time, and so many times for one answer. */
const stretchItems = 25;
const maximumRounds = 12;

/** Transfers, captures and reversals, newest first. Under 1 KiB each: 13 read units per 100 looked through. */
export const listTransfers = (table: Table, request: ListRequest): Promise<Merged<Transfer>> =>
  listNewest(table, request, { filter: 'attribute_exists(contentHash)', values: {} }, (item) => {
    const transfer = transferFrom(postingFromItem(item));
    if (!transfer) throw new Error(`${item['pk']} is listed and is no transfer`);
    return transfer;
  });

/** Holds, of one account or of all, newest first. The cost of {@link listTransfers}, whatever the filter leaves out. */
export const listHolds = (
  table: Table,
  { accountId, ...request }: ListRequest & { readonly accountId?: AccountId | undefined },
): Promise<Merged<Hold>> => {
  const placed = 'attribute_exists(placedBy)';
  const wanted =
    accountId === undefined
      ? { filter: placed, values: {} }
      : { filter: `${placed} AND accountId = :account`, values: { ':account': accountId } };
  return listNewest(table, request, wanted, holdFromItem);
};

/** An internal transaction (内部交易), as it is listed beside those with channels. */
export type InternalTransaction =
  | { readonly from: 'transfers'; readonly transfer: Transfer }
  | { readonly from: 'holds'; readonly hold: Hold };

/**
 * An institution's transfers, captures, reversals and holds, in lists that are merged with others; keys are
 * `<instant>#<id>`. Under 1 KiB each: 13 read units per 100 looked through.
 */
export const internalTransactions = (
  { table }: { readonly table: Table },
  institutionId: InstitutionId,
): readonly ReadOn<InternalTransaction>[] =>
  listingsOf(institutionId).map(
    (listing) => (after) => readOn(table, { listing, after, wanted: everything }, internalFromItem),
  );

const everything: Wanted = { values: {} };

function internalFromItem(item: Item): InternalTransaction {
  if (item['placedBy'] !== undefined) return { from: 'holds', hold: holdFromItem(item) };
  const transfer = transferFrom(postingFromItem(item));
  if (!transfer) throw new Error(`${item['pk']} is listed and is no transfer`);
  return { from: 'transfers', transfer };
}

interface Wanted {
  readonly filter?: string;
  readonly values: Item;
}

function listNewest<Found>(
  table: Table,
  { institutionId, limit, after = '~' }: ListRequest,
  wanted: Wanted,
  read: (item: Item) => Found,
): Promise<Merged<Found>> {
  const lists = listingsOf(institutionId).map(
    (listing) => (place: string) => readOn(table, { listing, after: place, wanted }, read),
  );
  return mergeNewest(lists, { after, limit, maximumRounds });
}

async function readOn<Found>(
  table: Table,
  { listing, after, wanted }: { readonly listing: string; readonly after: string; readonly wanted: Wanted },
  read: (item: Item) => Found,
): Promise<Stretch<Found>> {
  const { Items: found = [], LastEvaluatedKey: last } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-institution',
      KeyConditionExpression: 'listing = :listing AND listKey < :after',
      FilterExpression: wanted.filter,
      ExpressionAttributeValues: toItem({ ':listing': listing, ':after': after, ...wanted.values }),
      ScanIndexForward: false,
      Limit: stretchItems,
    }),
  );
  const items = found.map(fromItem).map((item) => ({ key: String(item['listKey']), item: read(item) }));
  return { items, lookedThrough: last && String(fromItem(last)['listKey']) };
}
