/** Puts postings at the end of their chains, exactly once, under any concurrency. */
import type { AccountId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type BrokenWrite, maximumWrites, RacesLost, type Write } from '../kernel/write.ts';
import { addBalances, type Balances, noBalances } from './account.ts';
import { type BookedPosting, type BookingTime, bookPostings, type Draft, type Heads } from './book-posting.ts';
import { chainName, type Entry } from './entry.ts';
import { putEntry } from './entry-store.ts';
import { chooseHeads, lookAtAllHeads, readAllHeads } from './heads.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';

/**
 * `posted`; `met`: a guard or a condition alongside failed, and nothing was written.
 */
export type Appended =
  | { readonly outcome: 'posted'; readonly postings: readonly BookedPosting[] }
  | { readonly outcome: 'met'; readonly broken: readonly BrokenWrite[] };

/** Each round one writer of a chain wins, so this many can meet on one before the last of them gives up. */
const maximumRounds = 40;
const longestPauseMs = 200;

/**
 * Reads the ends of the chains, books, and commits everything in one TransactWriteItems; a lost race is run again from
 * fresh heads after a random pause. A refusal never rests on what was remembered, nor on some of an account's slots.
 *
 * Cost: 1 read unit for each account that is not remembered, in one round trip, and 2 write units for each entry and
 * each write of `others`. A lost round costs its write units again.
 *
 * @param others what is to be committed with the entries: guards, and other contexts' writes
 * @throws RacesLost when every round was lost
 */
export async function appendPostings(
  ledger: Ledger,
  drafts: readonly Draft[],
  others: (booked: readonly BookedPosting[]) => readonly Write[],
): Promise<Appended | Refusal<LedgerRefusal>> {
  const accountIds = [...new Set(drafts.flatMap(({ moves }) => moves.map(({ accountId }) => accountId)))];
  for (let round = 1; round <= maximumRounds; round++) {
    const time = { now: ledger.clock(), businessDate: await ledger.businessDate() };
    const booked = await bookOnHeads(ledger, drafts, { accountIds, time });
    if (isRefusal(booked)) return booked;
    const entries = booked.flatMap((posting) => posting.entries);
    const besides = others(booked);
    if (entries.length + besides.length > maximumWrites) return tooManyEntries;
    const appended = await commitEntries(ledger, entries, besides);
    if (appended === 'committed') return { outcome: 'posted', postings: booked };
    if (appended !== 'lost') return { outcome: 'met', broken: appended };
    await pauseAfter(ledger, round);
  }
  throw new RacesLost(`posting ${drafts[0]?.id} lost ${maximumRounds} races for its accounts`);
}

/** Where money lies in very many slots of several accounts, one transaction can't draw it from all of them. */
const tooManyEntries = refuse(
  'too_many_entries',
  'The money lies in more slots of its accounts than one transaction can reach: move it in smaller parts.',
);

/** Looks no further than it must: at one slot of each account, at all of them, and at all as they stood together. */
async function bookOnHeads(
  ledger: Ledger,
  drafts: readonly Draft[],
  { accountIds, time }: { readonly accountIds: readonly AccountId[]; readonly time: BookingTime },
): Promise<readonly BookedPosting[] | Refusal<LedgerRefusal>> {
  const onOwnSlots = bookPostings(drafts, await chooseHeads(ledger, accountIds), time);
  if (!isRefusal(onOwnSlots)) return onOwnSlots;
  const seen = await lookAtAllHeads(ledger, accountIds);
  const onAnySlots = bookPostings(drafts, mixSlots(ledger, seen), time);
  const spread = [...seen.values()].some((heads) => heads.length > 1);
  if (!isRefusal(onAnySlots) || !spread) return onAnySlots;
  return bookPostings(drafts, mixSlots(ledger, await readAllHeads(ledger, accountIds)), time);
}

/** The own slot first, and the others as they fall: in their order all writers would meet on slot 0. */
const mixSlots = ({ memory, random }: Ledger, heads: Heads): Heads =>
  new Map(
    [...heads].map(([id, slots]) => {
      const own = memory.slotOf(id);
      const lots = slots.map((head) => ({ head, lot: head.slot === own ? -1 : random() }));
      return [id, lots.sort((left, right) => left.lot - right.lot).map(({ head }) => head)];
    }),
  );

/**
 * @returns `lost` where another writer was faster on a chain and nothing else stands in the way; else the broken ones of
 *   the other writes
 */
export async function commitEntries(
  { table, memory, commit }: Pick<Ledger, 'table' | 'memory' | 'commit'>,
  entries: readonly Entry[],
  others: readonly Write[],
): Promise<'committed' | 'lost' | readonly BrokenWrite[]> {
  const puts = entries.map((entry) => [putEntry(table, entry), entry] as const);
  const result = await commit([...others, ...puts.map(([put]) => put)]);
  if (result.committed) {
    for (const entry of entries) memory.noteWritten(entry);
    return 'committed';
  }
  const broken = new Set(result.broken.map(({ write }) => write));
  // of a conflict it is not known on which chain it was
  for (const [put, entry] of puts) if (broken.size === 0 || broken.has(put)) memory.noteLost(entry);
  const met = result.broken.filter(({ write }) => others.includes(write));
  return met.length > 0 ? met : 'lost';
}

export const pauseAfter = ({ sleepMs, random }: Ledger, round: number): Promise<unknown> =>
  sleepMs(random() * Math.min(longestPauseMs, 5 * 2 ** round));

/** For each account its balances after the postings; of an account of several slots, those of the slots that took them. */
export type BalancesAfter = ReadonlyMap<AccountId, Balances>;

export const balancesAfter = (postings: readonly BookedPosting[]): BalancesAfter => {
  const last = new Map<string, Entry>();
  for (const { entries } of postings) for (const entry of entries) last.set(chainName(entry), entry);
  const balances = new Map<AccountId, Balances>();
  for (const { accountId, after } of last.values()) {
    balances.set(accountId, addBalances(balances.get(accountId) ?? noBalances, after));
  }
  return balances;
};
