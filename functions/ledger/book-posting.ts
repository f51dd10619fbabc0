/** Computes the entries of a posting from the heads of the chains that it lengthens. No clock, no store: values only. */
import type { AccountId, PostingId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { type Account, addBalances, type Balances, noBalances } from './account.ts';
import { onNormalSide } from './chart-of-accounts.ts';
import { type Entry, firstPreviousHash, type Head, sealEntry } from './entry.ts';
import type { LedgerRefusal } from './ledger.ts';
import { contentHash, type Move, type NewPosting, type PostingFacts, type PostingType } from './posting.ts';

/** A posting whose legs are netted. */
export interface Draft extends Pick<NewPosting, 'accountingDate' | 'transactionId' | 'description' | 'reverses'> {
  readonly id: PostingId;
  readonly type: PostingType;
  readonly moves: readonly Move[];
}

export interface BookedPosting extends PostingFacts {
  readonly reverses?: PostingId | undefined;
  readonly contentHash: string;
  readonly entries: readonly Entry[];
}

export type Accounts = ReadonlyMap<AccountId, Account>;

/**
 * The laws that need the accounts only: each exists (`account_not_found`), each is in the leg's currency
 * (`currency_mismatch`), and one spread over slots holds no frozen balance.
 *
 * @throws RangeError for a frozen leg on an account of several slots, whose release could land on another slot.
 */
export function checkAccounts(draft: Draft, accounts: Accounts): Refusal<LedgerRefusal> | undefined {
  for (const { accountId } of draft.moves) {
    if (!accounts.has(accountId)) return refuse('account_not_found', `There is no account ${accountId}.`);
  }
  for (const { accountId, currency, frozen } of draft.moves) {
    const account = accounts.get(accountId);
    if (account && account.currency !== currency) {
      return refuse('currency_mismatch', `Account ${accountId} is in ${account.currency}, not in ${currency}.`);
    }
    if (account && account.slots > 1 && frozen !== 0n) {
      throw new RangeError(`posting ${draft.id}: ${accountId} is spread over slots and can't hold a frozen balance`);
    }
  }
  return undefined;
}

/**
 * The entries of a posting. Its laws, in this order: every chain is open (`account_closed`); no available balance is
 * taken below its floor and no frozen one below 0 (`insufficient_funds`). What raises a balance is never refused.
 *
 * Each law is a condition of the write as well: entry n+1 is made from entry n and is written only where no entry n+1
 * stands, so what was true of entry n is true when it commits.
 *
 * @param heads one for each of the draft's moves, in their order
 */
export function bookPosting(
  draft: Draft,
  books: { readonly accounts: Accounts; readonly heads: readonly Head[]; readonly now: Date },
): BookedPosting | Refusal<LedgerRefusal> {
  if (books.heads.some((head) => head.last?.type === 'closing')) {
    return refuse('account_closed', 'An account of the posting is closed.');
  }
  const facts = datePosting(draft, books.heads, books.now);
  const entries: Entry[] = [];
  for (const [index, head] of books.heads.entries()) {
    const move = draft.moves[index];
    const account = books.accounts.get(head.accountId);
    if (!move || !account)
      throw new Error(`posting ${draft.id}: a head, its move and its account don't belong together`);
    const entry = nextEntry(facts, { account, head, move });
    if (breaksFloor(account, entry)) {
      return refuse('insufficient_funds', `The balance of account ${account.id} does not cover the amount.`);
    }
    entries.push(entry);
  }
  return { ...facts, reverses: draft.reverses, contentHash: contentHash(draft, draft.moves), entries };
}

function nextEntry(
  facts: PostingFacts,
  { account, head, move }: { readonly account: Account; readonly head: Head; readonly move: Move },
): Entry {
  const change: Balances = {
    available: onNormalSide(account.subject, move.available),
    frozen: onNormalSide(account.subject, move.frozen),
  };
  return sealEntry({
    ...facts,
    accountId: head.accountId,
    slot: head.slot,
    seq: (head.last?.seq ?? 0) + 1,
    change,
    after: addBalances(head.last?.after ?? noBalances, change),
    previousHash: head.last?.hash ?? firstPreviousHash,
  });
}

export const breaksFloor = (account: Pick<Account, 'floor'>, { change, after }: Pick<Entry, 'change' | 'after'>) =>
  (account.floor !== null && change.available < 0n && after.available < account.floor) ||
  (change.frozen < 0n && after.frozen < 0n);

/**
 * Accounting date and time never go back along a chain, so that a date range is found by halving. A posting for an
 * earlier day than a chain has reached goes to that open day and names the day it belongs to; a clock that is behind
 * takes the time of the entry before.
 */
function datePosting(draft: Draft, heads: readonly Head[], now: Date): PostingFacts {
  const reached = heads.flatMap(({ last }) => (last ? [last] : []));
  const latest = <Text extends string>(first: Text, others: readonly Text[]): Text =>
    [first, ...others].sort().at(-1) ?? first;
  const accountingDate = latest(
    draft.accountingDate,
    reached.map((entry) => entry.accountingDate),
  );
  return {
    postingId: draft.id,
    type: draft.type,
    accountingDate,
    belongsTo: accountingDate === draft.accountingDate ? undefined : draft.accountingDate,
    transactionId: draft.transactionId,
    description: draft.description,
    postedAt: latest(
      now.toISOString(),
      reached.map((entry) => entry.postedAt),
    ),
  };
}
