/** What a business day does to a chain and to a subject: opening, debits, credits, closing. Values only. */
import type { Currency } from '../../kernel/money.ts';
import {
  type AccountFacts,
  addBalances,
  type Balances,
  balanceKinds,
  negated,
  noBalances,
  onNormalSides,
  sameBalances,
  subjectOf,
} from '../account.ts';
import { type Owner, ownerOf } from '../business-day.ts';
import { type Subject, subjects } from '../chart-of-accounts.ts';
import { type Chain, chainName, type Entry, placeOf } from '../entry.ts';

/** One chain of an account on one day. */
export interface ChainDay extends Chain {
  readonly owner: Owner;
  readonly account: Pick<AccountFacts, 'kind' | 'subject' | 'currency'>;
  /** on the normal sides, as the chain's entries have them */
  readonly opening: Balances;
  /** the totals of both sides, none below 0 */
  readonly debits: Balances;
  readonly credits: Balances;
  readonly entries: number;
  /** the number of the last entry that moved something, on this day or before it */
  readonly lastSeq: number;
}

export const closingOf = ({ account, opening, debits, credits }: ChainDay): Balances =>
  addBalances(opening, onNormalSides(account, addBalances(debits, negated(credits))));

/** A chain as the day begins, from how it ended the day before; a chain that held nothing then may be unknown. */
export const beginDay = (before: ChainDay | undefined, first: Entry | undefined): ChainDay | undefined => {
  const day = { debits: noBalances, credits: noBalances, entries: 0 };
  if (before) return { ...before, ...day, opening: closingOf(before) };
  if (!first) return undefined;
  const { accountId, slot, account, seq } = first;
  const { kind, subject, currency, institutionId } = account;
  return {
    accountId,
    slot,
    owner: ownerOf(institutionId),
    account: { kind, subject, currency },
    opening: noBalances,
    ...day,
    lastSeq: seq - 1,
  };
};

/** An entry is missing that stands in the chain: the index has not got it yet, or someone has tampered with it. */
export class IndexBehind extends Error {
  override readonly name = 'IndexBehind';
}

/**
 * The next entry of the day.
 *
 * @throws IndexBehind for an entry that does not follow from the one before it
 */
export function withEntry(day: ChainDay, entry: Entry): ChainDay {
  const before = closingOf(day);
  if (entry.seq <= day.lastSeq || !sameBalances(addBalances(before, entry.change), entry.after)) {
    throw new IndexBehind(`entry ${entry.seq} of ${chainName(entry)} does not follow from what was seen before it`);
  }
  const moved = onNormalSides(day.account, entry.change);
  return {
    ...day,
    debits: addBalances(day.debits, positive(moved)),
    credits: addBalances(day.credits, positive(negated(moved))),
    entries: day.entries + 1,
    lastSeq: entry.seq,
  };
}

const positive = ({ available, frozen, fees }: Balances): Balances => ({
  available: available > 0n ? available : 0n,
  frozen: frozen > 0n ? frozen : 0n,
  fees: fees > 0n ? fees : 0n,
});

/** Whether the next day has to know of it. */
export const isIdle = (day: ChainDay): boolean => day.entries === 0 && sameBalances(closingOf(day), noBalances);

/** The entries between, which the index does not hold: they move nothing, or the index is behind. */
export const numbersBetween = (day: ChainDay, entry: Entry) =>
  Array.from({ length: entry.seq - day.lastSeq - 1 }, (_, index) => ({
    ...placeOf(entry),
    seq: day.lastSeq + 1 + index,
  }));

/** 科目发生额: a subject in one currency on one day. */
export interface SubjectDay {
  readonly subject: Subject;
  readonly currency: Currency;
  /** minor units, debits positive */
  readonly opening: bigint;
  /** the totals of both sides, none below 0 */
  readonly debit: bigint;
  readonly credit: bigint;
}

export const closingOfSubject = ({ opening, debit, credit }: SubjectDay): bigint => opening + debit - credit;

export interface SubjectDays {
  readonly add: (line: SubjectDay) => void;
  /** in the order of the chart, then by currency; what neither held nor moved anything is left out */
  readonly lines: () => SubjectDay[];
}

/** Adds up in any order. */
export function subjectDays(initial: readonly SubjectDay[] = []): SubjectDays {
  const sums = new Map<string, SubjectDay>();
  const add = (line: SubjectDay) => {
    const name = `${line.subject} ${line.currency}`;
    const sum = sums.get(name);
    sums.set(
      name,
      sum
        ? {
            ...sum,
            opening: sum.opening + line.opening,
            debit: sum.debit + line.debit,
            credit: sum.credit + line.credit,
          }
        : line,
    );
  };
  for (const line of initial) add(line);
  return {
    add,
    lines: () =>
      [...sums.values()]
        .filter(({ opening, debit, credit }) => opening !== 0n || debit !== 0n || credit !== 0n)
        .sort(
          (left, right) =>
            subjects.indexOf(left.subject) - subjects.indexOf(right.subject) ||
            (left.currency < right.currency ? -1 : 1),
        ),
  };
}

/** What a chain's day is to the subjects of its balances. */
export function subjectsOf({
  account,
  opening,
  debits,
  credits,
}: Pick<ChainDay, 'account' | 'opening' | 'debits' | 'credits'>): SubjectDay[] {
  const openings = onNormalSides(account, opening);
  return balanceKinds
    .map((kind) => ({
      subject: subjectOf(account, kind),
      currency: account.currency,
      opening: openings[kind],
      debit: debits[kind],
      credit: credits[kind],
    }))
    .filter(({ opening, debit, credit }) => opening !== 0n || debit !== 0n || credit !== 0n);
}

/** What one entry adds to the subjects of its day. */
export function subjectsOfEntry({ account, change }: Entry): SubjectDay[] {
  const moved = onNormalSides(account, change);
  return subjectsOf({ account, opening: noBalances, debits: positive(moved), credits: positive(negated(moved)) });
}

/** Each day begins where the one before it ended. */
export const asOpening = (line: SubjectDay): SubjectDay => ({
  ...line,
  opening: closingOfSubject(line),
  debit: 0n,
  credit: 0n,
});
