/** Posting: a balanced business event enters the books, exactly once per id, all or nothing with other contexts' writes. */
import type { PostingId } from '../kernel/ids.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { BrokenWrite, Write } from '../kernel/write.ts';
import { appendPostings, type BalancesAfter, balancesAfter, pauseAfter } from './append-postings.ts';
import type { BookedPosting, Draft } from './book-posting.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import { contentHash, type NewPosting, netLegs, postingRules } from './posting.ts';
import { getPostedEntries, getPosting, putPosting, type StoredPosting } from './posting-store.ts';
import { nextReversals } from './reversal.ts';
import { putReversal, type Reversal } from './reversal-store.ts';

export type PostOutcome =
  | {
      readonly outcome: 'posted' | 'already_posted';
      readonly postings: readonly BookedPosting[];
      readonly balances: BalancesAfter;
    }
  /** a condition of the writes alongside failed; nothing was written */
  | { readonly outcome: 'overtaken'; readonly broken: readonly BrokenWrite[] };

/**
 * Posts one event. A repeat with the same content answers `already_posted` and writes nothing, alongside included: the
 * first run committed its own. Where a condition of `alongside` fails, nothing is written and the answer is `overtaken`.
 *
 * The laws of the posting itself are checked first (see `netLegs`), then that it reverses no more than there is, then
 * those of the accounts and their balances (see `bookPosting`); the first that fails decides.
 *
 * Cost: that of `appendPostings`, and 2 write units for the posting; 2 more where it reverses another.
 *
 * @throws RangeError for legs that break a law of their own; PostedOtherwise for an id that was posted with another content;
 *   Error when every race for the accounts was lost
 */
export const post = (
  ledger: Ledger,
  posting: NewPosting,
  alongside: readonly Write[] = [],
): Promise<PostOutcome | Refusal<LedgerRefusal>> => postAll(ledger, [posting], alongside);

/** An id stands for a posting of another content: the caller gave one number to two things. */
export class PostedOtherwise extends Error {}

/** A transaction's items become visible one by one within moments; what stands in part for so long was posted in part. */
const roundsInPart = 3;

/**
 * Posts several events in one transaction, one after the other: the second finds what the first has left.
 *
 * @throws PostedOtherwise also where some of them were posted before and others were not
 */
export async function postAll(
  ledger: Ledger,
  postings: readonly NewPosting[],
  alongside: readonly Write[] = [],
): Promise<PostOutcome | Refusal<LedgerRefusal>> {
  const drafts = postings.map(draftOf);
  for (let round = 1; ; round++) {
    const reversals = await nextReversals(ledger, drafts);
    const appended = isRefusal(reversals)
      ? reversals
      : await appendPostings(ledger, drafts, (booked) => [...guardsOf(ledger, booked, reversals), ...alongside]);
    if (!isRefusal(appended) && appended.outcome === 'posted') {
      return { ...appended, balances: balancesAfter(appended.postings) };
    }
    // posted by an earlier run, by another writer, or by this very request whose answer was lost on the way; and a
    // repeat may be refused for what its first run did, such as having spent the balance
    const posted = await findPosted(ledger, drafts);
    if (typeof posted === 'object') return posted;
    if (posted === 'in part' && round >= roundsInPart) {
      throw new PostedOtherwise(`posting ${drafts[0]?.id} and others with it were posted before, but not all of them`);
    }
    if (posted === 'none') {
      if (isRefusal(appended)) return appended;
      const broken = appended.broken.filter(({ write }) => alongside.includes(write));
      if (broken.length > 0) return { outcome: 'overtaken', broken };
    }
    // another reversal of the same posting was faster, or a repeat is just being committed
    await pauseAfter(ledger, round);
  }
}

/**
 * Posts events that happen once by an item of their own, such as a payment or a case that changes its state with them: all
 * or nothing, one after the other. Those that a posting's own item guards get it besides.
 *
 * @param guards the writes that can succeed once only; they may tell of what was booked
 * @returns `overtaken` where a guard's condition failed, or another reversal of the same posting was faster
 */
export async function postGuardedBy(
  ledger: Ledger,
  postings: readonly NewPosting[],
  guards: (booked: readonly BookedPosting[]) => readonly Write[],
): Promise<
  | { readonly outcome: 'posted'; readonly postings: readonly BookedPosting[]; readonly balances: BalancesAfter }
  | Extract<PostOutcome, { outcome: 'overtaken' }>
  | Refusal<LedgerRefusal>
> {
  const drafts = postings.map(draftOf);
  const reversals = await nextReversals(ledger, drafts);
  if (isRefusal(reversals)) return reversals;
  const appended = await appendPostings(ledger, drafts, (booked) => {
    const ownItems = booked.filter(({ type }) => postingRules[type].guard === 'posting');
    return [...guardsOf(ledger, ownItems, reversals), ...guards(booked)];
  });
  if (isRefusal(appended)) return appended;
  if (appended.outcome === 'met') return { outcome: 'overtaken', broken: appended.broken };
  return { ...appended, balances: balancesAfter(appended.postings) };
}

export function draftOf(posting: NewPosting): Draft {
  const { legs: _, ...facts } = posting;
  return { ...facts, moves: netLegs(posting) };
}

const guardsOf = ({ table }: Ledger, booked: readonly BookedPosting[], reversals: readonly Reversal[]): Write[] => [
  ...booked.map((posting) => putPosting(table, posting)),
  ...reversals.map((reversal) => putReversal(table, reversal)),
];

/** The first run's outcome, read back: 1 read unit for each posting and each of its entries. */
async function findPosted(ledger: Ledger, drafts: readonly Draft[]): Promise<PostOutcome | 'none' | 'in part'> {
  const stored = await Promise.all(drafts.map(({ id }) => getPosting(ledger.table, id)));
  const postings: BookedPosting[] = [];
  for (const [index, draft] of drafts.entries()) {
    const found = stored[index];
    if (!found) continue;
    if (found.contentHash !== contentHash(draft, draft.moves)) {
      throw new PostedOtherwise(`posting ${draft.id} was posted before with another content`);
    }
    postings.push(await bookedAs(ledger, found));
  }
  if (postings.length < drafts.length) return postings.length === 0 ? 'none' : 'in part';
  return { outcome: 'already_posted', postings, balances: balancesAfter(postings) };
}

/** A posting with its entries read back: 1 read unit each. */
const bookedAs = async ({ table }: Pick<Ledger, 'table'>, stored: StoredPosting): Promise<BookedPosting> => ({
  ...stored,
  entries: await getPostedEntries(table, stored),
});

/** What was posted under an id, with its entries: 1 read unit each. Undefined where nothing was. */
export async function findBooked({ table }: Pick<Ledger, 'table'>, id: PostingId): Promise<BookedPosting | undefined> {
  const stored = await getPosting(table, id);
  return stored && bookedAs({ table }, stored);
}
