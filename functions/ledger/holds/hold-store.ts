/** `HOLD#<id>` / `HOLD`: what of a hold remains. Each change names the version that it was made from. */
import * as z from 'zod';
import type { AccountId, HoldId } from '../../kernel/ids.ts';
import { currencySchema, money } from '../../kernel/money.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { institutionOfListing, listingKey } from '../listing-key.ts';
import { type Hold, remainingOf } from './hold.ts';

const holdKey = (id: HoldId) => ({ pk: `HOLD#${id}`, sk: 'HOLD' });

const holdSchema = z.object({
  pk: z.string().startsWith('HOLD#'),
  listing: z.string().transform(institutionOfListing),
  accountId: z.string().transform((id) => id as AccountId), // we wrote it
  amount: z.bigint(),
  currency: currencySchema,
  captured: z.bigint(),
  released: z.bigint(),
  placedBy: z.enum(['institution', 'operator']),
  reference: z.string(),
  reason: z.string().optional(),
  placedAt: z.string(),
  expiresAt: z.string().optional(),
  version: z.bigint().transform(Number),
});

/**
 * A new hold; broken where one of its id stands. 2 write units; 1 for the index `by-institution`, 1 for `holds-by-expiry`
 * where it expires.
 */
export const putNewHold = (table: Table, hold: Hold): Write =>
  write({
    Put: { TableName: table.name, Item: toItem(itemFromHold(hold)), ConditionExpression: 'attribute_not_exists(pk)' },
  });

/** The next version of a hold; broken where the one before it is not the last any more. The cost of a new one. */
export const putNextHold = (table: Table, hold: Hold): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromHold(hold)),
      ConditionExpression: 'version = :before',
      ExpressionAttributeValues: toItem({ ':before': hold.version - 1 }),
    },
  });

/** 1 read unit. */
export async function getHold(table: Table, id: HoldId): Promise<Hold | undefined> {
  const item = await getItem(table, holdKey(id));
  return item && holdFromItem(item);
}

/** So many parts that the holds of a whole business, all over at midnight, don't meet on one. */
export const expiryShards = 4;

const expiryShardOf = (id: HoldId): string => `HOLDS#${(id.codePointAt(id.length - 1) ?? 0) % expiryShards}`;

/** Of the holds in one part whose time is over by now those that were first over: half a read unit for some forty. */
export async function overdueHolds(
  table: Table,
  { shard, now, limit }: { readonly shard: number; readonly now: Date; readonly limit: number },
): Promise<HoldId[]> {
  const items = await queryItems(table, {
    index: 'holds-by-expiry',
    keys: 'expiryShard = :shard AND expiryKey < :now',
    // `~` sorts behind every id: a hold that is over at this very millisecond is over
    values: { ':shard': `HOLDS#${shard}`, ':now': `${now.toISOString()}#~` },
    limit,
  });
  return items.map(({ pk }) => String(pk).slice('HOLD#'.length) as HoldId); // we wrote it
}

export const isHoldItem = (item: Item): boolean => item['sk'] === 'HOLD';

export function itemFromHold(hold: Hold): Item {
  const { id, institutionId, amount, expiresAt, ...facts } = hold;
  return {
    ...holdKey(id),
    ...listingKey(institutionId, { at: hold.placedAt, id }),
    ...facts,
    ...amount,
    expiresAt,
    // only what waits for its expiry stands in that index
    ...(expiresAt !== undefined &&
      remainingOf(hold) > 0n && { expiryShard: expiryShardOf(id), expiryKey: `${expiresAt}#${id}` }),
  };
}

/** @throws ZodError for an item that is no hold */
export function holdFromItem(item: Item): Hold {
  const { pk, listing: institutionId, amount, currency, ...facts } = holdSchema.parse(item);
  const id = pk.slice('HOLD#'.length) as HoldId; // we wrote it
  return { ...facts, id, institutionId, amount: money(amount, currency) };
}
