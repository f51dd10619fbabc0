/** Posting: a balanced business event enters the books, exactly once per id, all or nothing with other contexts' writes. */
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { BrokenWrite, Write } from '../kernel/write.ts';
import { appendPostings, type BalancesAfter, balancesAfter, pauseAfter } from './append-postings.ts';
import type { BookedPosting, Draft } from './book-posting.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import { contentHash, type NewPosting, netLegs } from './posting.ts';
import { getPostedEntries, getPosting, putPosting } from './posting-store.ts';
import { nextReversals, type Reversal } from './reversal.ts';
import { putReversal } from './reversal-store.ts';

export type PostOutcome =
  | { readonly outcome: 'posted' | 'already_posted'; readonly balances: BalancesAfter }
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
 * @throws RangeError for legs that break a law of their own; Error for an id that was posted with another content, and
 *   when every race for the accounts was lost
 */
export const post = (
  ledger: Ledger,
  posting: NewPosting,
  alongside: readonly Write[] = [],
): Promise<PostOutcome | Refusal<LedgerRefusal>> => postAll(ledger, [posting], alongside);

/** Posts several events in one transaction, one after the other: the second finds what the first has left. */
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
    // a repeat may be refused for what its first run did, such as having spent the balance
    if (isRefusal(appended)) return (await findPosted(ledger, drafts)) ?? appended;
    if (appended.outcome === 'posted') return { outcome: 'posted', balances: balancesAfter(appended.postings) };
    // posted by an earlier run, by another writer, or by this very request whose answer was lost on the way
    const posted = await findPosted(ledger, drafts);
    if (posted) return posted;
    const broken = appended.broken.filter(({ write }) => alongside.includes(write));
    if (broken.length > 0) return { outcome: 'overtaken', broken };
    // another reversal of the same posting was faster
    await pauseAfter(ledger, round);
  }
}

/**
 * Posts an event whose own item makes it happen once, such as a payment that changes its state with it.
 *
 * @param guard the write that can succeed once only; it may tell of what was booked
 * @returns `overtaken` where the guard's condition failed
 */
export async function postGuardedBy(
  ledger: Ledger,
  posting: NewPosting,
  guard: (booked: BookedPosting) => Write,
): Promise<
  | { readonly outcome: 'posted'; readonly booked: BookedPosting; readonly balances: BalancesAfter }
  | Extract<PostOutcome, { outcome: 'overtaken' }>
  | Refusal<LedgerRefusal>
> {
  const appended = await appendPostings(ledger, [draftOf(posting)], (all) => all.map(guard));
  if (isRefusal(appended)) return appended;
  if (appended.outcome === 'met') return { outcome: 'overtaken', broken: appended.broken };
  const [booked] = appended.postings;
  if (!booked) throw new Error(`posting ${posting.id} was booked and is not there`);
  return { outcome: 'posted', booked, balances: balancesAfter(appended.postings) };
}

function draftOf(posting: NewPosting): Draft {
  const { legs: _, ...facts } = posting;
  return { ...facts, moves: netLegs(posting) };
}

const guardsOf = ({ table }: Ledger, booked: readonly BookedPosting[], reversals: readonly Reversal[]): Write[] => [
  ...booked.map((posting) => putPosting(table, posting)),
  ...reversals.map((reversal) => putReversal(table, reversal)),
];

/** The first run's outcome, read back: 1 read unit for each posting and each of its entries. */
async function findPosted(ledger: Ledger, drafts: readonly Draft[]): Promise<PostOutcome | undefined> {
  const stored = await Promise.all(drafts.map(({ id }) => getPosting(ledger.table, id)));
  const postings: BookedPosting[] = [];
  for (const [index, draft] of drafts.entries()) {
    const found = stored[index];
    if (!found) return undefined; // all of them were posted together, or none
    if (found.contentHash !== contentHash(draft, draft.moves)) {
      throw new Error(`posting ${draft.id} was posted before with another content`);
    }
    postings.push({ ...found, entries: await getPostedEntries(ledger.table, found) });
  }
  return { outcome: 'already_posted', balances: balancesAfter(postings) };
}
