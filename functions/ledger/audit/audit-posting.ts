/** The laws of one posting, and of what its entries, its item, its payment and its reversals say of each other. */
import type { PostingId } from '../../kernel/ids.ts';
import { addBalances, balanceKinds, noBalances } from '../account.ts';
import { chainName, type EntryPlace, placeOf } from '../entry.ts';
import { contentHash, type Move, type PostingFacts, postingRules } from '../posting.ts';
import { transferIdOf } from '../transfers/transfer.ts';
import type { EntryFact, FactOf, PostingClaim } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';
import { checkReversals } from './audit-reversals.ts';

/** All that is said of one posting id. */
export interface PostingGroup {
  readonly postingId: PostingId;
  readonly entries: EntryFact[];
  readonly items: FactOf<'posting'>[];
  readonly claims: PostingClaim[];
  readonly reversals: FactOf<'reversal'>[];
  readonly reversing: FactOf<'reversing'>[];
}

export const emptyPosting = (postingId: PostingId): PostingGroup => ({
  postingId,
  entries: [],
  items: [],
  claims: [],
  reversals: [],
  reversing: [],
});

/** @param vouched whether a source vouches for the postings that payments guard */
export function* checkPosting(group: PostingGroup, vouched: boolean): Generator<Finding, void> {
  const { entries } = group;
  const [item] = group.items;
  const whole = item ? yield* checkPlaces(group, item) : yield* checkGuard(group, vouched);
  // without all of its entries it can't be weighed, and what is missing has been told
  if (whole && entries.length > 0) yield* weigh(group);
  yield* checkClaims(group);
  yield* checkReversals(group, movesOf(entries));
}

/** The posting names its entries, each by its hash, and no entry names it besides. */
function* checkPlaces({ postingId, entries }: PostingGroup, item: FactOf<'posting'>): Generator<Finding, boolean> {
  const standing = new Map(entries.map((entry) => [nameOf(entry.place), entry]));
  const chains = new Set<string>();
  let whole = true;
  for (const place of item.entries) {
    const facts = { ...placeOf(place), postingId };
    if (chains.has(chainName(place))) {
      yield { code: 'duplicate_entry', ...facts, detail: 'the posting has two entries on the chain' };
    }
    chains.add(chainName(place));
    const entry = standing.get(nameOf(place));
    standing.delete(nameOf(place));
    if (entry?.place.hash === place.hash) continue;
    whole = false;
    yield entry
      ? { code: 'replaced_entry', ...facts, detail: 'another entry stands where the posting wrote its own' }
      : { code: 'entry_missing', ...facts, detail: 'an entry of the posting is missing' };
  }
  for (const { place } of standing.values()) {
    whole = false;
    yield { code: 'entry_not_in_posting', ...placeOf(place), postingId, detail: 'the posting does not name the entry' };
  }
  return whole;
}

/** Of entries without an item something else must tell. */
function* checkGuard({ postingId, entries, claims }: PostingGroup, vouched: boolean): Generator<Finding, boolean> {
  for (const { type, place, transactionId } of entries) {
    const facts = { ...placeOf(place), postingId };
    const { guard } = postingRules[type];
    if (guard === 'posting') {
      yield { code: 'posting_missing', ...facts, detail: 'the posting of the entry is missing' };
    } else if (guard === 'payment' && vouched && claims.length === 0) {
      yield { code: 'payment_missing', ...facts, transactionId, detail: `no payment has led to this ${type}` };
    }
  }
  return true;
}

/** It sums to zero, its entries say the same of it, and its item too. */
function* weigh({ postingId, entries, items }: PostingGroup): Generator<Finding, void> {
  const moves = movesOf(entries);
  const totals = new Map<string, bigint>();
  for (const { currency, available, frozen, fees } of moves) {
    totals.set(currency, (totals.get(currency) ?? 0n) + available + frozen + fees);
  }
  for (const [currency, total] of totals) {
    if (total === 0n) continue;
    yield { code: 'unbalanced_posting', postingId, detail: `debits exceed credits by ${total} ${currency}` };
  }
  const [first] = entries;
  const [item] = items;
  const said = item ?? first;
  for (const entry of entries) {
    if (said && sameFacts(entry, said)) continue;
    const detail = item ? 'the posting and its entry disagree' : 'the entries of the posting disagree';
    yield { code: 'altered_posting', ...placeOf(entry.place), postingId, detail };
  }
  if (item && contentHash(item, moves) !== item.contentHash) {
    yield { code: 'altered_posting', postingId, detail: 'the posting is not what the hash of its content says' };
  }
  if (item) yield* checkListing(item, entries, moves);
}

/** Whose it is and how much, as it is listed and shown: the institution of its accounts, and what it takes from one to another. */
function* checkListing(item: FactOf<'posting'>, entries: readonly EntryFact[], moves: readonly Move[]) {
  const { postingId, listing } = item;
  if (!listing) return;
  const wrong = (detail: string): Finding => ({ code: 'altered_posting', postingId, detail });
  if (entries.some(({ institutionId }) => institutionId !== listing.institutionId)) {
    yield wrong('it is listed for another institution than its accounts are of');
  }
  const taken = moves.reduce((sum, move) => {
    const debits = move.available + move.frozen + move.fees;
    return debits > 0n ? sum + debits : sum;
  }, 0n);
  if (taken !== listing.amount || moves.some(({ currency }) => currency !== listing.currency)) {
    yield wrong(`it is listed with ${listing.amount} ${listing.currency}, and moves ${taken}`);
  }
  const [from] = item.entries;
  const first = moves.find(({ accountId }) => accountId === from?.accountId);
  if (!first || first.available + first.frozen <= 0n) yield wrong('its entries do not stand in the order from, to');
  const { institutionId, reference } = listing;
  if (item.type === 'transfer' && transferIdOf(institutionId, reference ?? '') !== postingId) {
    yield wrong('its number is not the one that its institution and reference give');
  }
}

/** What a payment says of the posting is exactly what stands. */
function* checkClaims({ postingId, entries, claims }: PostingGroup): Generator<Finding, void> {
  for (const claim of claims) {
    const { transactionId, type } = claim;
    const found = (code: string, detail: string): Finding => ({ code, postingId, transactionId, detail });
    if (entries.length === 0) {
      yield found('posting_missing', `the payment has led to a ${type}, and none stands`);
      continue;
    }
    if (claims.length > 1) yield found('payment_differs', 'two payments claim the posting');
    yield* compareMoves(claim, movesOf(entries));
    const differing = entries.find((entry) => entry.type !== type || entry.transactionId !== transactionId);
    if (differing) {
      yield found(
        'payment_differs',
        `the books have it as ${differing.type} of ${differing.transactionId}, the payment as ${type}`,
      );
    }
    yield* compareOutcome(claim, entries);
  }
}

function* compareMoves({ postingId, transactionId, moves: claimed }: PostingClaim, moves: readonly Move[]) {
  const accounts = new Set([...claimed, ...moves].map(({ accountId }) => accountId));
  for (const accountId of accounts) {
    const ours = moves.find((move) => move.accountId === accountId);
    const theirs = claimed.find((move) => move.accountId === accountId);
    for (const kind of balanceKinds) {
      const [booked, said] = [ours?.[kind] ?? 0n, theirs?.[kind] ?? 0n];
      if (booked === said) continue;
      const detail = `the books move ${kind} by ${booked}, the payment says ${said} (debits positive)`;
      yield { code: 'payment_differs', accountId, postingId, transactionId, detail };
    }
    if (ours && theirs && ours.currency !== theirs.currency) {
      const detail = `the books are in ${ours.currency}, the payment in ${theirs.currency}`;
      yield { code: 'payment_differs', accountId, postingId, transactionId, detail };
    }
  }
}

function* compareOutcome(
  { postingId, transactionId, accountingDate, after }: PostingClaim,
  entries: readonly EntryFact[],
) {
  const differs = (detail: string): Finding => ({ code: 'payment_differs', postingId, transactionId, detail });
  const booked = entries[0]?.accountingDate;
  if (accountingDate !== undefined && booked !== accountingDate) {
    yield differs(`it is booked on ${booked}, the payment says ${accountingDate}`);
  }
  const own = after && entries.find(({ place }) => place.accountId === after.accountId);
  // one slot of several knows only its own share
  if (!after || !own || own.slots > 1) return;
  if (own.after.available !== after.available || own.after.frozen !== after.frozen) {
    yield differs('the balances that the payment keeps are not those that it left');
  }
}

/** One move for each account, debits positive, whatever number of its slots took part. */
export function movesOf(entries: readonly EntryFact[]): readonly Move[] {
  const moves = new Map<string, Move>();
  for (const { move } of entries) {
    const { accountId, currency } = move;
    const sum = addBalances(moves.get(accountId) ?? noBalances, move);
    moves.set(accountId, { accountId, currency, ...sum });
  }
  return [...moves.values()];
}

const nameOf = (place: EntryPlace): string => `${chainName(place)}#${place.seq}`;

const sameFacts = (left: PostingFacts, right: PostingFacts): boolean =>
  left.type === right.type &&
  left.accountingDate === right.accountingDate &&
  left.belongsTo === right.belongsTo &&
  left.transactionId === right.transactionId &&
  left.description === right.description &&
  left.by === right.by &&
  left.postedAt === right.postedAt;
