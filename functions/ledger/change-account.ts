/**
 * Changing an account's terms: its state, its overdraft, its slots. A change is an entry at the end of a chain that moves
 * nothing and says what holds from there on, so a posting that raced it finds its next number taken, reads again, and
 * meets the new terms. The entries of slot 0 are the record of who changed what, when and why.
 *
 * Under load a transaction over all slots of a hot account would never win all their races at once. So a state goes from
 * slot to slot and reaches slot 0 last. Slot 0 decides between changes that meet: each step of one is a condition on slot 0
 * too, and at its end the other slots follow what stands there. Slots and overdrafts concern slot 0 alone, and the slots
 * that are new. Only the closing of an account, which nobody uses any more, takes all of them at once.
 */
import { type AccountId, idOfOperation, type PostingId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { RacesLost } from '../kernel/write.ts';
import { type Account, maximumSlots, noBalances, sameBalances, type Terms } from './account.ts';
import { accountTransitions } from './account-states.ts';
import { commitEntries, pauseAfter } from './append-postings.ts';
import { datePosting } from './book-posting.ts';
import { accountOf, type Entry, entryAfter, firstPreviousHash } from './entry.ts';
import { checkHead, getEntry, getHead } from './entry-store.ts';
import { readSlots } from './heads.ts';
import type { Ledger } from './ledger.ts';
import { balancesOf } from './read-account.ts';

interface NewTerms {
  readonly accountId: AccountId;
  /** the same for every try of one request */
  readonly operationId: string;
  /** what is to hold from now on; the rest stays */
  readonly terms: Partial<Terms>;
  /** who asks */
  readonly by: string;
  readonly reason: string;
}

export interface AccountChange<Code extends string = never> extends NewTerms {
  /** whether the change may be made of the account as it stands at that very moment */
  readonly admit?: (head: Entry) => Promise<Refusal<Code> | undefined>;
}

export type ChangeRefusal =
  | 'account_not_found'
  | 'account_closed'
  | 'account_not_empty'
  | 'below_floor'
  | 'slots_only_rise'
  | 'nothing_changes';

const maximumRounds = 40;

/**
 * Cost: 1 read unit and 2 for each earlier change; 1 read and 2 write units for each slot that the change concerns. A
 * change of state takes 3 read and 2 write units more for each slot behind the first.
 *
 * Laws, in this order: there is such an account; the change is admitted; the account is not closed; something changes; a
 * closed account holds nothing; slots are added, never taken away, {@link maximumSlots} at most; the balance is not below
 * a new floor.
 *
 * @throws RangeError for an overdraft on an account without a floor
 */
export async function changeAccount<Code extends string = never>(
  ledger: Ledger,
  change: AccountChange<Code>,
): Promise<Account | Refusal<ChangeRefusal | Code>> {
  const postingId = idOfOperation('post', change.operationId);
  for (let round = 1; round <= maximumRounds; round++) {
    const heads = await concernedHeads(ledger, change);
    const [first] = heads;
    if (!first) return refuse('account_not_found', `There is no account ${change.accountId}.`);
    if (await wasMade(ledger, first, postingId)) return followSlotZero(ledger, change);
    const turnedAway = await change.admit?.(first);
    if (turnedAway) return turnedAway;
    const terms = nextTerms(first, heads, change);
    if (isRefusal(terms)) {
      // whoever was to make it so may have died on the way from slot to slot
      if (terms.refused === 'nothing_changes') await followSlotZero(ledger, change);
      return terms;
    }

    const { slots, status } = first.terms;
    if (terms.status !== status && terms.status !== 'closed') {
      const moved = await moveSlots(ledger, change, { first, status: terms.status });
      if (!moved) continue;
    }
    const added = Array.from({ length: terms.slots - slots }, (_, index) => openSlot(first, slots + index));
    if (await appendTerms(ledger, change, [...heads, ...added], terms)) {
      if (terms.status !== status) await followSlotZero(ledger, change);
      return { ...accountOf(first), ...terms };
    }
    await pauseAfter(ledger, round);
  }
  throw new RacesLost(`the change of ${change.accountId} lost ${maximumRounds} races for it`);
}

/** A closing takes all slots at once, anything else slot 0. */
async function concernedHeads({ table }: Ledger, { accountId, terms }: NewTerms): Promise<readonly Entry[]> {
  if (terms.status === 'closed') return readSlots(table, accountId);
  const first = await getHead(table, { accountId, slot: 0 });
  return first ? [first] : [];
}

/** A request whose answer was lost asks again, perhaps after others have changed the account further. */
async function wasMade({ table }: Pick<Ledger, 'table'>, head: Entry, postingId: PostingId): Promise<boolean> {
  for await (const entry of changesBefore(table, head)) if (entry.postingId === postingId) return true;
  return false;
}

/** The entries of slot 0 that set an account's terms, newest first, its opening last: 2 read units each. */
export async function* changesBefore(table: Ledger['table'], head: Entry): AsyncGenerator<Entry, void> {
  const chain = { accountId: head.accountId, slot: 0 };
  const entryAt = async (seq: number): Promise<Entry> => {
    const entry = await getEntry(table, { ...chain, seq });
    if (!entry) throw new Error(`entry ${seq} of ${head.accountId} is gone`);
    return entry;
  };
  for (let { since } = head.terms; ; since = (await entryAt(since - 1)).terms.since) {
    yield await entryAt(since);
    if (since === 1) return;
  }
}

function nextTerms(first: Entry, heads: readonly Entry[], change: NewTerms): Terms | Refusal<ChangeRefusal> {
  const { accountId } = change;
  const { status, floor, slots } = first.terms;
  const next: Terms = { status, floor, slots, ...change.terms };
  if (status === 'closed' && next.status !== 'blocked')
    return refuse('account_closed', `Account ${accountId} is closed.`);
  if (next.status === status && next.floor === floor && next.slots === slots) {
    return refuse('nothing_changes', 'The account is so already.');
  }
  if (next.status !== status && !accountTransitions[status].includes(next.status)) {
    throw new RangeError(`an account that is ${status} can't become ${next.status}`);
  }
  if (next.status === 'closed' && !sameBalances(balancesOf(heads), noBalances)) {
    return refuse('account_not_empty', 'The account still holds a balance.');
  }
  if (next.slots < slots || next.slots > maximumSlots) {
    return refuse('slots_only_rise', `The account may have ${slots} to ${maximumSlots} slots from now on.`);
  }
  if ((next.floor === null) !== (floor === null)) {
    throw new RangeError(`account ${accountId} ${floor === null ? 'has no floor' : 'needs a floor'}`);
  }
  // the other slots of an account keep to 0, so an overdraft is slot 0's alone
  if (next.floor !== null && next.floor !== floor && first.after.available < next.floor) {
    return refuse('below_floor', 'The balance is below the limit that was asked for.');
  }
  return next;
}

/** What stands before the first entry of a slot that is new. */
const openSlot = (first: Entry, slot: number): Entry => ({
  ...first,
  slot,
  seq: 0,
  after: noBalances,
  hash: firstPreviousHash,
});

/** Brings all slots to the state of slot 0, whoever has put that there. */
async function followSlotZero(ledger: Ledger, change: NewTerms): Promise<Account> {
  for (;;) {
    const first = await slotOf(ledger, change, 0);
    const { status } = first.terms;
    // one that is closed was so on all slots at once
    if (status === 'closed' || (await moveSlots(ledger, change, { first, status }))) return accountOf(first);
  }
}

/**
 * Moves the other slots to a state, one by one, while the terms on slot 0 are those that were looked at. For each 2 read
 * units, and 4 write units where it is moved.
 *
 * @returns false where they are not any more: another change has come in between
 */
async function moveSlots(
  ledger: Ledger,
  change: NewTerms,
  { first, status }: { readonly first: Entry } & Pick<Terms, 'status'>,
): Promise<boolean> {
  for (let slot = 1; slot < first.terms.slots; slot++) {
    if (!(await moveSlot(ledger, change, { slot, status, since: first.terms.since }))) return false;
  }
  return true;
}

async function moveSlot(
  ledger: Ledger,
  change: NewTerms,
  { slot, status, since }: Pick<Entry, 'slot'> & Pick<Entry['terms'], 'status' | 'since'>,
): Promise<boolean> {
  for (let round = 1; round <= maximumRounds; round++) {
    const [first, head] = await Promise.all([slotOf(ledger, change, 0), slotOf(ledger, change, slot)]);
    if (first.terms.since !== since) return false;
    if (head.terms.status === status) return true;
    if (await appendTerms(ledger, change, [head], { ...head.terms, status }, first)) return true;
    await pauseAfter(ledger, round);
  }
  throw new RacesLost(`the change of ${change.accountId} lost ${maximumRounds} races for slot ${slot}`);
}

async function slotOf({ table }: Ledger, { accountId }: NewTerms, slot: number): Promise<Entry> {
  const head = await getHead(table, { accountId, slot });
  if (!head) throw new Error(`slot ${slot} of ${accountId} is gone`);
  return head;
}

/**
 * @param still the end of a chain that is to be its end when the others are lengthened
 * @returns false where another writer was faster on one of the chains
 */
async function appendTerms(
  ledger: Ledger,
  { operationId, by, reason }: NewTerms,
  heads: readonly Entry[],
  { status, floor, slots }: Terms,
  still?: Entry,
): Promise<boolean> {
  const posting = { id: idOfOperation('post', operationId), type: 'account_change', by, description: reason } as const;
  const time = { now: ledger.clock(), businessDate: await ledger.businessDate() };
  const facts = datePosting(posting, heads, time);
  const entries = heads.map((head) =>
    entryAfter(head, facts, { terms: { status, floor, slots, since: head.seq + 1 } }),
  );
  const guard = still ? [checkHead(ledger.table, still)] : [];
  return (await commitEntries(ledger, entries, guard)) === 'committed';
}
