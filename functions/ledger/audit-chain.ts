/** The laws of one chain. */
import { type Account, addBalances, noBalances, sameBalances } from './account.ts';
import { breaksFloor } from './book-posting.ts';
import type { Books, Finding } from './books.ts';
import { type Entry, firstPreviousHash, hashEntry, placeOf } from './entry.ts';

/** Checks that a chain's numbers have no gap, that each entry is what its hash says and follows from the one before. */
export function* checkChain({ accounts }: Books, chain: readonly Entry[]): Generator<Finding> {
  const [first] = chain;
  if (!first) return;
  const account = accounts.get(first.accountId);
  if (!account) {
    yield { code: 'account_missing', ...chainOf(first), detail: 'the chain belongs to no account' };
  } else if (first.slot >= account.slots) {
    yield { code: 'unknown_slot', ...chainOf(first), detail: `the account has ${account.slots} slots` };
  }
  let previous: Entry | undefined;
  for (const entry of chain) {
    yield* checkNumber(entry, previous);
    yield* checkEntry(entry, account);
    // across a gap there is nothing to compare with: the gap itself has been told
    if (entry.seq === (previous?.seq ?? 0) + 1) yield* checkStep(entry, previous);
    previous = entry;
  }
}

const chainOf = ({ accountId, slot }: Entry) => ({ accountId, slot });

const factsOf = (entry: Entry) => ({ ...placeOf(entry), postingId: entry.postingId });

function* checkNumber(entry: Entry, previous: Entry | undefined): Generator<Finding> {
  const expected = (previous?.seq ?? 0) + 1;
  if (entry.seq > expected) {
    const missing = entry.seq - expected === 1 ? `entry ${expected} is` : `entries ${expected} to ${entry.seq - 1} are`;
    yield { code: 'gap', ...chainOf(entry), seq: expected, detail: `${missing} missing` };
  } else if (entry.seq < expected) {
    yield { code: 'duplicate_entry', ...factsOf(entry), detail: 'the number is taken twice' };
  }
}

function* checkEntry(entry: Entry, account: Account | undefined): Generator<Finding> {
  if (hashEntry(entry) !== entry.hash) {
    yield { code: 'altered_entry', ...factsOf(entry), detail: 'the entry is not what its hash says' };
  }
  if (account && breaksFloor(account, entry)) {
    const { available, frozen } = entry.after;
    yield {
      code: 'below_floor',
      ...factsOf(entry),
      detail: `the entry leads to ${available} available, ${frozen} frozen`,
    };
  }
}

function* checkStep(entry: Entry, previous: Entry | undefined): Generator<Finding> {
  if (entry.previousHash !== (previous?.hash ?? firstPreviousHash)) {
    yield {
      code: 'broken_link',
      ...factsOf(entry),
      detail: 'the entry was made after another one than stands before it',
    };
  }
  if (!sameBalances(entry.after, addBalances(previous?.after ?? noBalances, entry.change))) {
    yield { code: 'wrong_balance', ...factsOf(entry), detail: 'the balances do not follow from the ones before' };
  }
  if (previous && (entry.accountingDate < previous.accountingDate || entry.postedAt < previous.postedAt)) {
    yield { code: 'goes_back', ...factsOf(entry), detail: 'the date or time is before that of the entry before' };
  }
  if (previous?.type === 'closing') {
    yield { code: 'after_closing', ...factsOf(entry), detail: 'the account was closed by the entry before' };
  }
}
