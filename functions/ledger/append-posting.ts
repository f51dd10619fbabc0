/** Puts a posting at the end of its chains, exactly once, under any concurrency. */
import type { AccountId } from '../kernel/ids.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { BrokenWrite, Pause, Write } from '../kernel/write.ts';
import type { Account, Balances } from './account.ts';
import { getAccounts } from './account-store.ts';
import { type Accounts, type BookedPosting, bookPosting, checkAccounts, type Draft } from './book-posting.ts';
import type { Head } from './entry.ts';
import { getEntry, getHead, putEntry } from './entry-store.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import { contentHash } from './posting.ts';
import { checkPosted, getPosting, putPosting } from './posting-store.ts';

/** For each account its balances after the posting; of an account of several slots, those of the slot that took it. */
export type BalancesAfter = ReadonlyMap<AccountId, Balances>;

export type PostOutcome =
  | { readonly outcome: 'posted' | 'already_posted'; readonly balances: BalancesAfter }
  /** a condition of the writes alongside failed; nothing was written */
  | { readonly outcome: 'overtaken'; readonly broken: readonly BrokenWrite[] };

/** Each round one writer of a chain wins, so this many can meet on one before the last of them gives up. */
const maximumRounds = 40;
const longestPauseMs = 200;

/**
 * Reads the heads of the chains, books, and commits everything in one TransactWriteItems; a lost race is run again from
 * fresh heads after a random pause.
 *
 * Cost, for a posting on n accounts: 2n read units in two round trips; 2 write units for the posting and 2 for each
 * entry, so 8 for a top-up (three accounts) and 4 for a freeze (one); 2 more when it names what it reverses. A lost
 * round costs the same again, but for the accounts' read.
 *
 * @param laws further laws on the heads, after the ledger's own
 * @throws Error when the id was posted with another content, when what is reversed was never posted, and when every
 *   round was lost. In the last case nothing was written and the caller may try again.
 */
export async function appendPosting<Code extends string = never>(
  ledger: Ledger,
  draft: Draft,
  {
    alongside = [],
    laws = () => undefined,
  }: {
    readonly alongside?: readonly Write[];
    readonly laws?: (heads: readonly Head[]) => Refusal<Code> | undefined;
  },
): Promise<PostOutcome | Refusal<LedgerRefusal | Code>> {
  const { table } = ledger;
  const accounts = await getAccounts(
    table,
    draft.moves.map((move) => move.accountId),
  );
  const wrong = checkAccounts(draft, accounts);
  if (wrong) return wrong;

  for (let round = 1; round <= maximumRounds; round++) {
    const heads = await getHeads(ledger, draft, accounts);
    const booked = bookPosting(draft, { accounts, heads, now: ledger.clock() });
    // a repeat may be refused for what its first run did, such as having spent the balance
    if (isRefusal(booked)) return (await findPosted(ledger, draft)) ?? booked;
    const refused = laws(heads);
    if (refused) return (await findPosted(ledger, draft)) ?? refused;

    const posting = putPosting(table, booked);
    const reversed = draft.reverses === undefined ? [] : [checkPosted(table, draft.reverses)];
    const entries = booked.entries.map((entry) => putEntry(table, entry));
    const result = await ledger.commit([posting, ...reversed, ...entries, ...alongside]);
    if (result.committed) return { outcome: 'posted', balances: balancesAfter(booked) };

    const broke = (write: Write) => result.broken.some((broken) => broken.write === write);
    if (broke(posting)) {
      // posted by an earlier run, by another writer, or by this very request whose answer was lost on the way
      const posted = await findPosted(ledger, draft);
      if (posted) return posted;
      throw new Error(`posting ${draft.id} stood in its own way and is not there`);
    }
    if (reversed.some(broke)) throw new Error(`posting ${draft.id} reverses ${draft.reverses}, which was never posted`);
    if (alongside.some(broke)) {
      return { outcome: 'overtaken', broken: result.broken.filter(({ write }) => alongside.includes(write)) };
    }
    await ledger.sleepMs(ledger.random() * Math.min(longestPauseMs, 5 * 2 ** round));
  }
  throw new Error(`posting ${draft.id} lost ${maximumRounds} races for its accounts`);
}

/** Slots are chosen anew for each round, so that writers who met part again. */
const getHeads = (ledger: Ledger, draft: Draft, accounts: Accounts): Promise<Head[]> =>
  Promise.all(
    draft.moves.map(({ accountId }) =>
      getHead(ledger.table, { accountId, slot: chooseSlot(accounts.get(accountId), ledger.random) }),
    ),
  );

const chooseSlot = (account: Account | undefined, random: Pause['random']): number =>
  account === undefined || account.slots === 1 ? 0 : Math.floor(random() * account.slots);

const balancesAfter = ({ entries }: BookedPosting): BalancesAfter =>
  new Map(entries.map((entry) => [entry.accountId, entry.after]));

/** The first run's outcome, read back: 1 read unit for the posting and one for each entry. */
async function findPosted(ledger: Ledger, draft: Draft): Promise<PostOutcome | undefined> {
  const stored = await getPosting(ledger.table, draft.id);
  if (!stored) return undefined;
  if (stored.contentHash !== contentHash(draft, draft.moves)) {
    throw new Error(`posting ${draft.id} was posted before with another content`);
  }
  const entries = await Promise.all(stored.entries.map((place) => getEntry(ledger.table, place)));
  return {
    outcome: 'already_posted',
    balances: new Map(entries.flatMap((entry) => (entry ? [[entry.accountId, entry.after]] : []))),
  };
}
