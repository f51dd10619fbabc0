/** Computes the entries of postings from the heads of the chains that they lengthen. No clock, no store: values only. */
import type { AccountingDate } from '../kernel/clock.ts';
import type { AccountId, PostingId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type AccountStatus, accountStatuses, onNormalSides } from './account.ts';
import { type Entry, entryAfter } from './entry.ts';
import type { LedgerRefusal } from './ledger.ts';
import { placeChange } from './place-change.ts';
import { contentHash, type Listing, type Move, type NewPosting, type PostingFacts, postingRules } from './posting.ts';

/** A posting whose legs are netted. */
export interface Draft extends Omit<NewPosting, 'legs'> {
  readonly moves: readonly Move[];
}

export interface BookedPosting extends PostingFacts {
  readonly reverses?: PostingId | undefined;
  readonly listing?: Listing | undefined;
  readonly contentHash: string;
  readonly entries: readonly Entry[];
}

/** Of each account the ends of those of its chains that may take an entry, the preferred one first. */
export type Heads = ReadonlyMap<AccountId, readonly Entry[]>;

export interface BookingTime {
  readonly now: Date;
  readonly businessDate: AccountingDate;
}

/** Books one posting after another: each begins where the one before has left the chains. */
export function bookPostings(
  drafts: readonly Draft[],
  heads: Heads,
  time: BookingTime,
): readonly BookedPosting[] | Refusal<LedgerRefusal> {
  let current = heads;
  const booked: BookedPosting[] = [];
  for (const [index, draft] of drafts.entries()) {
    const next = bookPosting(draft, current, time);
    if (isRefusal(next)) return drafts.length === 1 ? next : ofSeveral(next, index + 1);
    booked.push(next);
    current = advanceHeads(current, next);
  }
  return booked;
}

/** The ends of the chains once a posting stands on them. */
export function advanceHeads(heads: Heads, { entries }: Pick<BookedPosting, 'entries'>): Heads {
  const next = new Map(heads);
  for (const entry of entries) {
    const before = next.get(entry.accountId) ?? [];
    next.set(
      entry.accountId,
      before.map((head) => (head.slot === entry.slot ? entry : head)),
    );
  }
  return next;
}

const ofSeveral = ({ refused, detail }: Refusal<LedgerRefusal>, number: number) =>
  refuse(refused, `Number ${number}: ${detail}`);

/**
 * The entries of a posting. Its laws, in this order: each account exists (`account_not_found`), in the leg's currency
 * (`currency_mismatch`), is open (`account_closed`) and not blocked for what the posting does (`account_blocked`); no
 * available balance is taken below its floor and no frozen one below 0 (`insufficient_funds`).
 *
 * Each law is a condition of the write as well: entry n+1 is made from entry n, which tells the account's facts, terms
 * and balances, and is written only where no entry n+1 stands. So what was true of entry n is true when it commits.
 *
 * @throws RangeError for fees on an account that is no settlement account
 */
export function bookPosting(draft: Draft, heads: Heads, time: BookingTime): BookedPosting | Refusal<LedgerRefusal> {
  const refused = checkAccounts(draft, heads);
  if (refused) return refused;
  const placed = draft.moves.map((move) => {
    const all = heads.get(move.accountId) ?? [];
    const [first] = all;
    return first && placeChange(all, onNormalSides(first.account, move));
  });
  const short = draft.moves[placed.indexOf(undefined)];
  if (short)
    return refuse('insufficient_funds', `The balance of account ${short.accountId} does not cover the amount.`);
  const changes = placed.flatMap((each) => each ?? []);
  const facts = datePosting(
    draft,
    changes.map(({ head }) => head),
    time,
  );
  const entries = changes.map(({ head, change }) => entryAfter(head, facts, { change }));
  return {
    ...facts,
    reverses: draft.reverses,
    listing: draft.listing,
    contentHash: contentHash(draft, draft.moves),
    entries,
  };
}

function checkAccounts(draft: Draft, heads: Heads): Refusal<LedgerRefusal> | undefined {
  const accounts: { readonly move: Move; readonly head: Entry }[] = [];
  for (const move of draft.moves) {
    const head = heads.get(move.accountId)?.[0];
    if (!head) return refuse('account_not_found', `There is no account ${move.accountId}.`);
    accounts.push({ move, head });
  }
  for (const { move, head } of accounts) {
    const { currency, subject } = head.account;
    if (currency !== move.currency) {
      return refuse('currency_mismatch', `Account ${head.accountId} is in ${currency}, not in ${move.currency}.`);
    }
    if (move.fees !== 0n && subject !== 'settlement_pending') {
      throw new RangeError(`posting ${draft.id}: ${head.accountId} is no settlement account and bears no fees`);
    }
  }
  const { afterTheFact } = postingRules[draft.type];
  for (const { move, head } of accounts) {
    const status = strictest(heads.get(move.accountId) ?? []);
    if (afterTheFact || status === 'active') continue;
    if (status === 'closed') return refuse('account_closed', `Account ${head.accountId} is closed.`);
    const { available, frozen } = onNormalSides(head.account, move);
    if (status === 'blocked' || available < 0n || frozen < 0n) {
      return refuse('account_blocked', `Account ${head.accountId} is ${status.replace('_', ' ')}.`);
    }
  }
  return undefined;
}

/** A block goes from slot to slot; it holds for the whole account from the first one on that is looked at. */
const strictest = (heads: readonly Entry[]): AccountStatus =>
  accountStatuses.findLast((status) => heads.some(({ terms }) => terms.status === status)) ?? 'active';

/**
 * Accounting date and time never go back along a chain, so that a date is found by a search. A process whose date or
 * clock is behind takes those of the entry before; a posting that was meant for an earlier day names it.
 */
export function datePosting(
  posting: Pick<Draft, 'id' | 'belongsTo' | 'transactionId' | 'description' | 'by'> & Pick<PostingFacts, 'type'>,
  heads: readonly Entry[],
  { now, businessDate }: BookingTime,
): PostingFacts {
  const latest = <Text extends string>(first: Text, others: readonly Text[]): Text =>
    [first, ...others].sort().at(-1) ?? first;
  const accountingDate = latest(
    businessDate,
    heads.map((head) => head.accountingDate),
  );
  return {
    postingId: posting.id,
    type: posting.type,
    accountingDate,
    belongsTo: posting.belongsTo !== undefined && posting.belongsTo < accountingDate ? posting.belongsTo : undefined,
    transactionId: posting.transactionId,
    description: posting.description,
    by: posting.by,
    postedAt: latest(
      now.toISOString(),
      heads.map((head) => head.postedAt),
    ),
  };
}
