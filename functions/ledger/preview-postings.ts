/** What postings would do, from the ends of the chains as they stand now. Nothing is written. */
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { advanceHeads, type BookedPosting, bookPosting, type Draft, type Heads } from './book-posting.ts';
import { readAllHeads } from './heads.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import { draftOf, findBooked } from './post.ts';
import { contentHash, type NewPosting } from './posting.ts';
import { balancesOf } from './read-account.ts';
import { type ResultingBalances, resultingBalances } from './resulting-balances.ts';

export interface Preview {
  readonly posting: BookedPosting;
  readonly balances: readonly ResultingBalances[];
}

/** `posted_otherwise`: the posting's id stands for another content. */
export type PreviewOutcome = Preview | Refusal<LedgerRefusal> | 'posted_otherwise';

/**
 * Each in its turn, from where those before it have left the chains; one that is refused changes nothing. What was
 * posted before is shown as it was.
 *
 * Cost: 1 read unit for each posting, and those of `readSlots` for each account.
 */
export async function previewPostings(
  ledger: Ledger,
  postings: readonly NewPosting[],
): Promise<readonly PreviewOutcome[]> {
  const drafts = postings.map(draftOf);
  const accountIds = new Set(drafts.flatMap(({ moves }) => moves.map(({ accountId }) => accountId)));
  const time = { now: ledger.clock(), businessDate: await ledger.businessDate() };
  const [posted, current] = await Promise.all([
    Promise.all(drafts.map(({ id }) => findBooked(ledger, id))),
    readAllHeads(ledger, [...accountIds]),
  ]);
  let heads = current;
  const previews: PreviewOutcome[] = [];
  for (const [index, draft] of drafts.entries()) {
    const before = posted[index];
    if (before) {
      previews.push(await shownAgain(ledger, draft, before));
      continue;
    }
    const posting = bookPosting(draft, heads, time);
    if (isRefusal(posting)) {
      previews.push(posting);
      continue;
    }
    heads = advanceHeads(heads, posting);
    previews.push({ posting, balances: balancesIn(heads, draft) });
  }
  return previews;
}

async function shownAgain(ledger: Ledger, draft: Draft, posting: BookedPosting): Promise<PreviewOutcome> {
  if (posting.contentHash !== contentHash(draft, draft.moves)) return 'posted_otherwise';
  return { posting, balances: await resultingBalances(ledger, posting) };
}

const balancesIn = (heads: Heads, { moves }: Draft): readonly ResultingBalances[] =>
  moves.map(({ accountId, currency }) => ({ accountId, currency, ...balancesOf(heads.get(accountId) ?? []) }));
