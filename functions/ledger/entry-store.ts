/** `ACCOUNT#<id>#<slot>` / `ENTRY#<seq>`: the links of an account's chains. Added, never changed or deleted. */
import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, PostingId } from '../kernel/ids.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type Chain, chainName, type Entry, type EntryPlace, type Head } from './entry.ts';
import { postingTypes } from './posting.ts';

/** Room for a thousand postings a second on one chain for thirty years. */
const seqDigits = 12;

const chainKey = (chain: Chain) => `ACCOUNT#${chainName(chain)}`;
const entrySortKey = (seq: number) => `ENTRY#${String(seq).padStart(seqDigits, '0')}`;
const entryKey = (place: EntryPlace) => ({ pk: chainKey(place), sk: entrySortKey(place.seq) });

const entrySchema = z.object({
  pk: z.string().regex(/^ACCOUNT#acct_[0-9A-Z]{26}#\d+$/),
  sk: z.string().regex(/^ENTRY#\d{12}$/),
  postingId: z.string().transform((id) => id as PostingId), // we wrote it
  type: z.enum(postingTypes),
  accountingDate: z.string().transform((date) => date as AccountingDate), // we wrote it
  belongsTo: z
    .string()
    .transform((date) => date as AccountingDate) // we wrote it
    .optional(),
  transactionId: z.string().optional(),
  description: z.string().optional(),
  postedAt: z.string(),
  changeAvailable: z.bigint(),
  changeFrozen: z.bigint(),
  available: z.bigint(),
  frozen: z.bigint(),
  previousHash: z.string(),
  hash: z.string(),
});

/** Lengthens a chain by one entry unless another writer did so first: 2 write units, since it stays within one KiB. */
export const putEntry = (table: Table, { accountId, slot, seq, change, after, ...facts }: Entry): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({
        ...entryKey({ accountId, slot, seq }),
        ...facts,
        changeAvailable: change.available,
        changeFrozen: change.frozen,
        available: after.available,
        frozen: after.frozen,
      }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** The end of a chain as of now: 1 read unit. */
export async function getHead(table: Table, { accountId, slot }: Chain): Promise<Head> {
  const [last] = await entriesBefore(table, { accountId, slot }, { limit: 1 });
  return { accountId, slot, last };
}

/** 1 read unit. */
export async function getEntry(table: Table, place: EntryPlace): Promise<Entry | undefined> {
  const item = await getItem(table, entryKey(place));
  return item && entryFromItem(item);
}

/** Entries up to and including number `upTo` (the end of the chain without it), newest first: 1 read unit per 4 KiB. */
export async function entriesBefore(
  table: Table,
  chain: Chain,
  { upTo, limit }: { readonly upTo?: number; readonly limit: number },
): Promise<Entry[]> {
  const items = await queryItems(table, {
    keys: 'pk = :chain AND sk BETWEEN :first AND :last',
    values: {
      ':chain': chainKey(chain),
      ':first': entrySortKey(1),
      ':last': entrySortKey(upTo ?? Number(`1e${seqDigits}`) - 1),
    },
    limit,
    newestFirst: true,
  });
  return items.map(entryFromItem);
}

export const isEntryItem = (item: Item): boolean => String(item['sk']).startsWith('ENTRY#');

export function entryFromItem(item: Item): Entry {
  const { pk, sk, changeAvailable, changeFrozen, available, frozen, ...facts } = entrySchema.parse(item);
  const [, accountId = '', slot = ''] = pk.split('#');
  return {
    ...facts,
    accountId: accountId as AccountId, // the pattern was checked
    slot: Number(slot),
    seq: Number(sk.slice('ENTRY#'.length)),
    change: { available: changeAvailable, frozen: changeFrozen },
    after: { available, frozen },
  };
}
