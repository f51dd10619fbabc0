/**
 * Lists by time, newest first, over the index `by-listing`. A busy list is spread over eight partitions, each of which takes
 * 1 000 writes a second, and read as one.
 */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { readListing } from '../kernel/listing.ts';
import { type Merged, mergeNewest } from '../kernel/merge-newest.ts';
import type { PageRequest } from '../kernel/page.ts';
import { fromItem, type Item, type Table, toItem } from '../kernel/table.ts';

const shards = 8;

/** Where an item stands in the list of its owner. */
export const listingKeys = (list: ListName, at: Date, id: string) => ({
  listing: `${list}#${(id.codePointAt(id.length - 1) ?? 0) % shards}`,
  listKey: `${at.toISOString()}#${id}`,
});

export type ListName = `EVENTS#${string}` | `DELIVERIES#${string}`;

export interface ListRequest extends PageRequest {
  readonly from?: Date | undefined;
  /** without it */
  readonly until?: Date | undefined;
  /** attributes that have to be equal */
  readonly filter: Readonly<Record<string, string | undefined>>;
}

/** Looked at in one call of each partition; and calls at most, so that a filter that matches little ends. */
const stretchItems = 50;
const maximumRounds = 5;

/** `~` sorts behind every character of a key. */
const endOfTime = '~';

/** Half a read unit for each 4 KiB that is looked at; 2 000 items at most for one page. */
export function readList(table: Table, list: ListName, request: ListRequest): Promise<Merged<Item>> {
  const oldest = request.from?.toISOString() ?? '0';
  const newest = request.after ?? request.until?.toISOString() ?? endOfTime;
  if (newest < oldest) return Promise.resolve({ items: [] });
  const isFiltered = Object.values(request.filter).some((value) => value !== undefined);
  const limit = isFiltered ? stretchItems : Math.min(stretchItems, request.limit + 2);
  const wanted = { index: 'by-listing', sortKey: 'listKey', oldest, filter: request.filter, limit };
  const readers = Array.from({ length: shards }, (_, shard) => {
    const listing = `${list}#${shard}`;
    return (after: string) => readListing(table, { ...wanted, listing, after }, (item) => item);
  });
  return mergeNewest(readers, { after: newest, limit: request.limit, maximumRounds });
}

/** Where the item of an id stands; the index lags behind writes by moments. Half a read unit. */
export async function findById(table: Table, id: string): Promise<{ pk: string; sk: string } | undefined> {
  const { Items: found = [] } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: 'by-id',
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: toItem({ ':id': id }),
      Limit: 1,
    }),
  );
  const [first] = found.map(fromItem);
  return first && { pk: String(first['pk']), sk: String(first['sk']) };
}
