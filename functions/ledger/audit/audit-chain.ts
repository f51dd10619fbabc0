/** The laws of one chain. */
import { addBalances, noBalances, sameBalances } from '../account.ts';
import { type Entry, firstPreviousHash, hashEntry, placeOf } from '../entry.ts';
import { breaksFloor } from '../place-change.ts';
import { postingRules } from '../posting.ts';
import type { Finding } from './audit-finding.ts';

/**
 * Checks that the numbers have no gap, that the entry is what its hash says, and that it follows from the one before.
 *
 * @param previous the entry before it in the order of numbers, if there is one
 */
export function* checkNext(previous: Entry | undefined, entry: Entry): Generator<Finding> {
  yield* checkNumber(entry, previous);
  yield* checkEntry(entry);
  // across a gap there is nothing to compare with: the gap itself has been told
  if (entry.seq === (previous?.seq ?? 0) + 1) yield* checkStep(entry, previous);
}

const factsOf = (entry: Entry) => ({ ...placeOf(entry), postingId: entry.postingId });

function* checkNumber(entry: Entry, previous: Entry | undefined): Generator<Finding> {
  const { accountId, slot } = entry;
  const expected = (previous?.seq ?? 0) + 1;
  if (entry.seq > expected) {
    const missing = entry.seq - expected === 1 ? `entry ${expected} is` : `entries ${expected} to ${entry.seq - 1} are`;
    yield { code: 'gap', accountId, slot, seq: expected, detail: `${missing} missing` };
  } else if (entry.seq < expected) {
    yield { code: 'duplicate_entry', ...factsOf(entry), detail: 'the number is taken twice' };
  }
}

function* checkEntry(entry: Entry): Generator<Finding> {
  const found = (code: string, detail: string): Finding => ({ code, ...factsOf(entry), detail });
  const { available, frozen } = entry.after;
  if (hashEntry(entry) !== entry.hash) yield found('altered_entry', 'the entry is not what its hash says');
  if (breaksFloor(entry, entry)) {
    yield found('below_floor', `the entry leads to ${available} available, ${frozen} frozen`);
  }
  if (setsTerms(entry) && !sameBalances(entry.change, noBalances)) {
    yield found('wrong_balance', 'an entry that changes terms moves money');
  }
}

function* checkStep(entry: Entry, previous: Entry | undefined): Generator<Finding> {
  const found = (code: string, detail: string): Finding => ({ code, ...factsOf(entry), detail });
  if (entry.previousHash !== (previous?.hash ?? firstPreviousHash)) {
    yield found('broken_link', 'the entry was made after another one than stands before it');
  }
  if (!sameBalances(entry.after, addBalances(previous?.after ?? noBalances, entry.change))) {
    yield found('wrong_balance', 'the balances do not follow from the ones before');
  }
  if (!previous) {
    if (!setsTerms(entry)) yield found('account_missing', 'the chain does not begin with the opening of its account');
    return;
  }
  if (entry.accountingDate < previous.accountingDate || entry.postedAt < previous.postedAt) {
    yield found('goes_back', 'the date or time is before that of the entry before');
  }
  if (previous.terms.status === 'closed' && !setsTerms(entry) && !postingRules[entry.type].afterTheFact) {
    yield found('after_closing', 'the account was closed by an entry before');
  }
  const closes = entry.terms.status === 'closed' && previous.terms.status !== 'closed';
  // of several slots some may have owed what others had
  if (closes && entry.terms.slots === 1 && !sameBalances(entry.after, noBalances)) {
    yield found('closed_with_balance', 'the account was closed and held a balance');
  }
  if (factsText(entry) !== factsText(previous)) yield found('other_account', 'the facts of the account have changed');
  if (setsTerms(entry)) {
    if (entry.terms.since !== entry.seq) yield found('wrong_terms', 'the entry sets terms and names another that did');
  } else if (termsText(entry) !== termsText(previous)) {
    yield found('wrong_terms', 'the terms have changed without an entry that changes them');
  }
}

const setsTerms = ({ type }: Entry): boolean => postingRules[type].guard === 'entry';

const factsText = ({ account: { kind, subject, currency, institutionId, openedAt } }: Entry): string =>
  JSON.stringify([kind, subject, currency, institutionId, openedAt]);

const termsText = ({ terms: { status, floor, slots, since } }: Entry): string =>
  JSON.stringify([status, `${floor}`, slots, since]);
