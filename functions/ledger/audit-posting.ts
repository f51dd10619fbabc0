/** The laws of one posting, and of what entries and postings say of each other. */
import { addBalances, noBalances, onNormalSides } from './account.ts';
import type { Books, Finding } from './books.ts';
import { chainName, type Entry, type EntryPlace, placeOf } from './entry.ts';
import { contentHash, type Move, type PostingFacts, postingRules } from './posting.ts';
import type { StoredPosting } from './posting-store.ts';

/** Checks that each of a chain's entries is named by its posting. */
export function* checkEntriesPosting({ postings }: Books, chain: readonly Entry[]): Generator<Finding> {
  for (const entry of chain) {
    const posting = postings.get(entry.postingId);
    const facts = { ...placeOf(entry), postingId: entry.postingId };
    if (!posting) {
      // what a payment guards is weighed against the payments; what opens or changes an account moves nothing
      if (postingRules[entry.type].guard !== 'posting') continue;
      yield { code: 'posting_missing', ...facts, detail: 'the posting of the entry is missing' };
    } else if (!posting.entries.some((place) => place.seq === entry.seq && chainName(place) === chainName(entry))) {
      yield { code: 'entry_not_in_posting', ...facts, detail: 'the posting does not name the entry' };
    }
  }
}

/** Checks that a posting's entries stand as they were written, agree with it, and sum to zero per currency. */
export function* checkPosting(books: Books, posting: StoredPosting): Generator<Finding> {
  const { postingId, reverses } = posting;
  const entries: Entry[] = [];
  const chainsSeen = new Set<string>();
  for (const place of posting.entries) {
    const facts = { ...placeOf(place), postingId };
    if (chainsSeen.has(chainName(place))) {
      yield { code: 'duplicate_entry', ...facts, detail: 'the posting has two entries on the chain' };
    }
    chainsSeen.add(chainName(place));
    const entry = findEntry(books, place);
    if (!entry) {
      yield { code: 'entry_missing', ...facts, detail: 'an entry of the posting is missing' };
    } else if (entry.hash !== place.hash || entry.postingId !== postingId) {
      yield { code: 'replaced_entry', ...facts, detail: 'another entry stands where the posting wrote its own' };
    } else {
      entries.push(entry);
    }
  }
  if (reverses !== undefined && !books.postings.has(reverses)) {
    yield { code: 'reversed_missing', postingId, detail: `the posting reverses ${reverses}, which is missing` };
  }
  // without all of its entries the posting can't be weighed, and what is missing has been told
  if (entries.length < posting.entries.length) return;
  yield* weigh(posting, entries);
}

function* weigh(posting: StoredPosting, entries: readonly Entry[]): Generator<Finding> {
  const { postingId } = posting;
  const moves = movesOf(entries);
  const totals = new Map<string, bigint>();
  for (const { currency, available, frozen, fees } of moves) {
    totals.set(currency, (totals.get(currency) ?? 0n) + available + frozen + fees);
  }
  for (const [currency, total] of totals) {
    if (total !== 0n)
      yield { code: 'unbalanced_posting', postingId, detail: `debits exceed credits by ${total} ${currency}` };
  }
  if (contentHash(posting, moves) !== posting.contentHash || entries.some((entry) => !sameFacts(entry, posting))) {
    yield { code: 'altered_posting', postingId, detail: 'the posting and its entries disagree' };
  }
}

/** One move for each account, debits positive, whatever number of its slots took part. */
function movesOf(entries: readonly Entry[]): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const { accountId, account, change } of entries) {
    const { currency } = account;
    const sum = addBalances(moves.get(accountId) ?? noBalances, onNormalSides(account, change));
    moves.set(accountId, { accountId, currency, ...sum });
  }
  return [...moves.values()];
}

const sameFacts = (left: PostingFacts, right: PostingFacts): boolean =>
  left.type === right.type &&
  left.accountingDate === right.accountingDate &&
  left.belongsTo === right.belongsTo &&
  left.transactionId === right.transactionId &&
  left.description === right.description &&
  left.by === right.by &&
  left.postedAt === right.postedAt;

/** Numbers start at 1 and mostly have no gap, so the place in the array is the number less one. */
function findEntry({ chains }: Books, place: EntryPlace): Entry | undefined {
  const chain = chains.get(chainName(place)) ?? [];
  const expected = chain[place.seq - 1];
  return expected?.seq === place.seq ? expected : chain.find((entry) => entry.seq === place.seq);
}
