/** Reading on in a list that an index keeps by time, newest first, for {@link mergeNewest}. It lags behind writes by moments. */
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Stretch } from './merge-newest.ts';
import { fromItem, type Item, type Table, toItem } from './table.ts';

export interface ListingRequest {
  readonly index: string;
  /** the index's partition, in the attribute `listing` */
  readonly listing: string;
  /** the index's sort attribute; keys begin with an instant */
  readonly sortKey: string;
  /** the oldest key that is wanted, and the one that reading goes on from, which itself is left out; not before `oldest` */
  readonly oldest: string;
  readonly after: string;
  /** what items must say, by attribute (`route.channel` stands within another); what is undefined is not looked at */
  readonly filter: Readonly<Record<string, string | undefined>>;
  /** so many items are looked through, matching or not */
  readonly limit: number;
}

/** One query. Half a read unit for each 4 KiB that is looked through. */
export async function readListing<Found>(
  table: Table,
  { index, listing, sortKey, oldest, after, filter, limit }: ListingRequest,
  read: (item: Item) => Found,
): Promise<Stretch<Found>> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const names = new Set(given.flatMap(([path]) => path.split('.')));
  const { Items: found = [], LastEvaluatedKey: last } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: index,
      // both ends are taken in, and `after` itself is dropped below
      KeyConditionExpression: `listing = :listing AND ${sortKey} BETWEEN :oldest AND :newest`,
      ...(given.length > 0 && {
        FilterExpression: given
          .map(([path], place) => `#${path.replaceAll('.', '.#')} = :wanted${place}`)
          .join(' AND '),
        ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])),
      }),
      ExpressionAttributeValues: toItem({
        ':listing': listing,
        ':oldest': oldest,
        ':newest': after,
        ...Object.fromEntries(given.map(([, value], place) => [`:wanted${place}`, value])),
      }),
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return {
    items: found
      .map(fromItem)
      .map((item) => ({ key: String(item[sortKey]), item: read(item) }))
      .filter(({ key }) => key !== after),
    lookedThrough: last && String(fromItem(last)[sortKey]),
  };
}
