/** `POSTING#<id>` / `POSTING`: what was posted, and where its entries stand. Its presence makes a posting exactly-once. */
import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, PostingId } from '../kernel/ids.ts';
import { currencySchema, money } from '../kernel/money.ts';
import { getItem, type Item, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { BookedPosting } from './book-posting.ts';
import { chainName, type Entry, type EntryPlace } from './entry.ts';
import { getEntry } from './entry-store.ts';
import { institutionOfListing, listingKey } from './listing-key.ts';
import { type Listing, type PostingFacts, postingTypes } from './posting.ts';

export interface StoredPosting extends PostingFacts {
  readonly reverses?: PostingId | undefined;
  readonly listing?: Listing | undefined;
  readonly contentHash: string;
  readonly entries: readonly (EntryPlace & { readonly hash: string })[];
}

export const postingSortKey = 'POSTING';
export const postingKey = (id: PostingId) => ({ pk: `POSTING#${id}`, sk: postingSortKey });

const dateSchema = z.string().transform((date) => date as AccountingDate); // we wrote it

/** Those of a posting that the index `by-institution` lists. */
const listingAttributes = {
  listing: z.string().transform(institutionOfListing).optional(),
  reference: z.string().optional(),
  amount: z.bigint().optional(),
  currency: currencySchema.optional(),
};

const postingSchema = z.object({
  pk: z.string().startsWith('POSTING#'),
  type: z.enum(postingTypes),
  accountingDate: dateSchema,
  belongsTo: dateSchema.optional(),
  transactionId: z.string().optional(),
  description: z.string().optional(),
  by: z.string().optional(),
  postedAt: z.string(),
  reverses: z
    .string()
    .transform((id) => id as PostingId) // we wrote it
    .optional(),
  ...listingAttributes,
  contentHash: z.string(),
  entries: z.array(
    z.object({
      accountId: z.string().transform((id) => id as AccountId), // we wrote it
      slot: z.bigint().transform(Number),
      seq: z.bigint().transform(Number),
      hash: z.string(),
    }),
  ),
});

/**
 * 2 write units up to five entries (one KiB), 2 more for each further KiB (some eight entries); 1 for the index
 * `by-institution` where it is listed.
 */
export const putPosting = (table: Table, posting: BookedPosting): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromPosting(posting)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

export const itemFromPosting = ({ postingId, entries, listing, ...facts }: StoredPosting): Item => ({
  ...postingKey(postingId),
  ...facts,
  ...(listing && { ...listingKey(listing.institutionId, { at: facts.postedAt, id: postingId }) }),
  ...(listing && { reference: listing.reference, ...listing.amount }),
  entries: entries.map(({ accountId, slot, seq, hash }) => ({ accountId, slot, seq, hash })),
});

/** 1 read unit. */
export async function getPosting(table: Table, id: PostingId): Promise<StoredPosting | undefined> {
  const item = await getItem(table, postingKey(id));
  return item && postingFromItem(item);
}

export function postingFromItem(item: Item): StoredPosting {
  const { pk, listing: institutionId, reference, amount, currency, ...facts } = postingSchema.parse(item);
  const listed = institutionId !== undefined && amount !== undefined && currency !== undefined;
  return {
    ...facts,
    postingId: pk.slice('POSTING#'.length) as PostingId, // we wrote it
    ...(listed && { listing: { institutionId, reference, amount: money(amount, currency) } }),
  };
}

/** The entries that a posting wrote: 1 read unit each. @throws Error for one that is gone */
export const getPostedEntries = (table: Table, { entries }: Pick<StoredPosting, 'entries'>): Promise<Entry[]> =>
  Promise.all(
    entries.map(async (place) => {
      const entry = await getEntry(table, place);
      if (!entry) throw new Error(`entry ${place.seq} of ${chainName(place)} is gone`);
      return entry;
    }),
  );
