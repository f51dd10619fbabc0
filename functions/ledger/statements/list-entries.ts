/** 账户流水: the entries of one account, page by page. */
import type { Page } from '../../kernel/page.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Account, type Balances, noBalances } from '../account.ts';
import type { Chain, Entry } from '../entry.ts';
import { getHead } from '../entry-store.ts';
import { readSlots } from '../heads.ts';
import { slotsOf } from '../read-account.ts';
import { type EntriesCursor, listName, writeCursor } from './entries-cursor.ts';
import { type EntryFilter, passes } from './entry-filter.ts';
import { type ChainWalk, mergeChains, type StatementLine, type StatementOrder } from './merge-chains.ts';
import {
  findLastBefore,
  findLastUpTo,
  isAfter,
  isBefore,
  type StatementRange,
  type StatementSource,
} from './statement-range.ts';
import { walkChain } from './walk-chain.ts';

export interface EntriesRequest {
  readonly limit: number;
  readonly order: StatementOrder;
  readonly range: StatementRange;
  readonly filter: EntryFilter;
  /** from an earlier page's `nextCursor` */
  readonly cursor?: EntriesCursor | undefined;
}

/** A page ends here even where few entries passed the filter: about 500 read units and half a second. */
export const maximumExamined = 2_000;

/**
 * A page of an account's entries, each shown once however many are added between pages. Newest first, the list is what
 * the account held when its first page was read; oldest first, it goes on to the entries of its last page's moment. An
 * entry that was written late, with a time that the list has passed already, comes after later ones rather than never.
 *
 * A page has fewer items than `limit`, or none, where the filter lets little through; its cursor goes on behind the
 * {@link maximumExamined} entries that were looked at.
 *
 * Cost: 1 read unit for each four entries of each slot; a first page 1 more for each slot (2 newest first on an account
 * of several slots with a floor), and the reads of `findLast` where the list begins at a date or time.
 */
export async function listEntries(
  source: StatementSource,
  account: Account,
  request: EntriesRequest,
): Promise<Page<StatementLine> | Refusal<'unknown_cursor'>> {
  const { limit, order, range, filter, cursor } = request;
  const list = listName(account.id, order, range, filter);
  if (cursor && cursor.list !== list) return refuse('unknown_cursor', 'The cursor belongs to another list.');

  const next = [...(await placesOf(source, account, request))];
  const walks = await Promise.all(next.map((start, slot) => openWalk(source, { account, slot, start, request })));
  if (walks.includes(undefined)) return refuse('unknown_cursor', 'The cursor names entries that are not there.');

  const items: StatementLine[] = [];
  let examined = 0;
  const page = (): Page<StatementLine> => ({ items, nextCursor: writeCursor({ list, next }) });
  for await (const line of mergeChains(
    walks.flatMap((walk) => walk ?? []),
    order,
  )) {
    const shown = passes(line.entry, filter);
    if ((shown && items.length === limit) || examined === maximumExamined) return page();
    if (shown) items.push(line);
    examined += 1;
    next[line.entry.slot] = line.entry.seq + (order === 'oldest' ? 1 : -1);
  }
  return { items, nextCursor: null };
}

/** For each slot the number with which the page begins. */
async function placesOf(
  source: StatementSource,
  account: Account,
  { order, range, cursor }: EntriesRequest,
): Promise<readonly number[]> {
  const slots = slotsOf(account);
  if (order === 'newest') {
    // a slot that was added after the cursor was made holds only entries newer than its list
    if (cursor) return slots.map((slot) => cursor.next[slot] ?? 0);
    const { to } = range;
    const heads = await readSlots(source.table, account.id);
    const last = await Promise.all(heads.map((head) => (to ? findLastUpTo(source, head, to) : head)));
    return last.map((entry) => entry?.seq ?? 0);
  }
  return Promise.all(
    slots.map(async (slot) => cursor?.next[slot] ?? firstOf(source, { accountId: account.id, slot }, range)),
  );
}

async function firstOf(source: StatementSource, chain: Chain, { from }: StatementRange): Promise<number> {
  const head = from && (await getHead(source.table, chain));
  const before = head && (await findLastBefore(source, head, from));
  return (before?.seq ?? 0) + 1;
}

interface WalkRequest {
  readonly account: Account;
  readonly slot: number;
  readonly start: number;
  readonly request: EntriesRequest;
}

/** @returns undefined where there is no such place in the chain */
async function openWalk(
  { table }: StatementSource,
  { account, slot, start, request: { limit, order, range } }: WalkRequest,
): Promise<ChainWalk | undefined> {
  const chain = { accountId: account.id, slot };
  // one more than its share, since the entry before the page tells what the chain held, and the one behind it that it goes on
  const firstRead = Math.ceil(limit / account.slots) + 2;
  if (order === 'newest') {
    const entries = walkChain(table, chain, { order, start, end: 1, firstRead });
    const first = await take(entries);
    if (!first && start > 0) return undefined;
    const inRange = (entry: Entry) => !isBefore(entry, range.from);
    return { standing: first?.after ?? noBalances, entries: whileTrue(inRange, entries, first) };
  }
  const entries = walkChain(table, chain, {
    order,
    start: Math.max(start - 1, 1),
    end: Number.POSITIVE_INFINITY,
    firstRead,
  });
  const before = start > 1 ? await take(entries) : undefined;
  if (!before && start !== 1) return undefined;
  const standing: Balances = before?.after ?? noBalances;
  return { standing, entries: whileTrue((entry) => !isAfter(entry, range.to), entries) };
}

async function take(entries: AsyncIterator<Entry, void>): Promise<Entry | undefined> {
  const { value } = await entries.next();
  return value ?? undefined;
}

/** The first entry, if it is given, and those behind it, up to one that is out of the range. */
async function* whileTrue(
  inRange: (entry: Entry) => boolean,
  entries: AsyncIterable<Entry>,
  first?: Entry,
): AsyncGenerator<Entry, void> {
  if (first) {
    if (!inRange(first)) return;
    yield first;
  }
  for await (const entry of entries) {
    if (!inRange(entry)) return;
    yield entry;
  }
}
