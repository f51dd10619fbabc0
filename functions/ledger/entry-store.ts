/** `ACCOUNT#<id>#<slot>` / `ENTRY#<seq>`: the links of an account's chains. Added, never changed or deleted. */
import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, InstitutionId, PostingId } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { accountKinds, accountStatuses, noBalances, sameBalances } from './account.ts';
import { dayOf } from './business-day.ts';
import { subjects } from './chart-of-accounts.ts';
import { type Chain, chainName, type Entry, type EntryPlace } from './entry.ts';
import { postingTypes } from './posting.ts';

/** Room for a thousand postings a second on one chain for thirty years. */
const seqDigits = 12;

const chainKey = (chain: Chain) => `ACCOUNT#${chainName(chain)}`;
const entrySortKey = (seq: number) => `ENTRY#${String(seq).padStart(seqDigits, '0')}`;
const entryKey = (place: EntryPlace) => ({ pk: chainKey(place), sk: entrySortKey(place.seq) });

/** Our own item: ids and dates were checked when it was written. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);
const count = z.bigint().transform(Number);

const entrySchema = z.object({
  pk: z.string().regex(/^ACCOUNT#acct_[0-9A-Z]{26}#\d+$/),
  sk: z.string().regex(/^ENTRY#\d{12}$/),
  postingId: text<PostingId>(),
  type: z.enum(postingTypes),
  accountingDate: text<AccountingDate>(),
  belongsTo: text<AccountingDate>().optional(),
  transactionId: z.string().optional(),
  description: z.string().optional(),
  by: z.string().optional(),
  postedAt: z.string(),
  kind: z.enum(accountKinds),
  subject: z.enum(subjects),
  currency: currencySchema,
  institutionId: text<InstitutionId>().optional(),
  openedAt: z.string(),
  status: z.enum(accountStatuses),
  floor: z.bigint().nullable(),
  slots: count,
  since: count,
  changeAvailable: z.bigint(),
  changeFrozen: z.bigint(),
  changeFees: z.bigint().default(0n),
  available: z.bigint(),
  frozen: z.bigint(),
  fees: z.bigint().default(0n),
  previousHash: z.string(),
  hash: z.string(),
});

/**
 * Lengthens a chain by one entry unless another writer did so first: 2 write units, since it stays within one KiB, and
 * 1 for the index by day where it moves something.
 */
export const putEntry = (table: Table, entry: Entry): Write =>
  write({
    Put: { TableName: table.name, Item: toItem(itemFromEntry(entry)), ConditionExpression: 'attribute_not_exists(pk)' },
  });

/** Broken where the chain goes on behind this entry: 2 write units. */
export const checkHead = (table: Table, head: EntryPlace): Write =>
  write({
    ConditionCheck: {
      TableName: table.name,
      Key: toItem(entryKey({ ...head, seq: head.seq + 1 })),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** The end of a chain as of now, undefined where there is none: 1 read unit. */
export async function getHead(table: Table, chain: Chain): Promise<Entry | undefined> {
  const [last] = await entriesBefore(table, chain, { limit: 1 });
  return last;
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
  const last = upTo ?? Number(`1e${seqDigits}`) - 1;
  return queryChain(table, chain, { first: 1, last, limit, newestFirst: true });
}

/** Entries from number `from` on, oldest first: 1 read unit per 4 KiB. */
export async function entriesFrom(
  table: Table,
  chain: Chain,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<Entry[]> {
  const last = Number(`1e${seqDigits}`) - 1;
  return queryChain(table, chain, { first: from, last, limit, newestFirst: false });
}

async function queryChain(
  table: Table,
  chain: Chain,
  range: { readonly first: number; readonly last: number; readonly limit: number; readonly newestFirst: boolean },
): Promise<Entry[]> {
  const items = await queryItems(table, {
    keys: 'pk = :chain AND sk BETWEEN :first AND :last',
    values: {
      ':chain': chainKey(chain),
      ':first': entrySortKey(range.first),
      ':last': entrySortKey(range.last),
    },
    limit: range.limit,
    newestFirst: range.newestFirst,
  });
  return items.map(entryFromItem);
}

export const isEntryItem = (item: Item): boolean => String(item['sk']).startsWith('ENTRY#');

/** The item of an entry, for whoever holds what stands against what is written. */
export function itemFromEntry(entry: Entry): Item {
  const { accountId: _, slot: __, seq: ___, account, terms, change, after, ...facts } = entry;
  return {
    ...entryKey(entry),
    ...facts,
    ...account,
    ...terms,
    changeAvailable: change.available,
    changeFrozen: change.frozen,
    available: after.available,
    frozen: after.frozen,
    // of settlement accounts only
    ...(change.fees !== 0n && { changeFees: change.fees }),
    ...(after.fees !== 0n && { fees: after.fees }),
    // what moves nothing belongs to no day's movements
    ...(!sameBalances(change, noBalances) && dayOf(entry)),
  };
}

export function entryFromItem(item: Item): Entry {
  const { pk, sk, kind, subject, currency, institutionId, openedAt, status, floor, slots, since, ...rest } =
    entrySchema.parse(item);
  const { changeAvailable, changeFrozen, changeFees, available, frozen, fees, ...facts } = rest;
  const [, accountId = '', slot = ''] = pk.split('#');
  return {
    ...facts,
    accountId: accountId as AccountId, // the pattern was checked
    slot: Number(slot),
    seq: Number(sk.slice('ENTRY#'.length)),
    account: { kind, subject, currency, institutionId, openedAt },
    terms: { status, floor, slots, since },
    change: { available: changeAvailable, frozen: changeFrozen, fees: changeFees },
    after: { available, frozen, fees },
  };
}
