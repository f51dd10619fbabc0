/** Accounts and postings for the ledger's tests, and books in memory that run on the pure rules alone. */
import { parseAccountingDate } from '../../functions/kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom, type PostingId } from '../../functions/kernel/ids.ts';
import { type Currency, money } from '../../functions/kernel/money.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import { addBalances, type Balances, type NewAccount, noBalances } from '../../functions/ledger/account.ts';
import { type BookedPosting, type BookingTime, bookPosting } from '../../functions/ledger/book-posting.ts';
import { chainName, type Entry } from '../../functions/ledger/entry.ts';
import type { LedgerRefusal } from '../../functions/ledger/ledger.ts';
import { openingEntries } from '../../functions/ledger/open-accounts.ts';
import { type Leg, type NewPosting, netLegs } from '../../functions/ledger/posting.ts';

export const accountId = (name: string): AccountId => idFrom('acct', name);
export const postingId = (name: string): PostingId => idFrom('post', name);
export const institutionId: InstitutionId = idFrom('inst', 'Harbour');

export function day(text: string) {
  const date = parseAccountingDate(text);
  if (!date) throw new Error(`${text} is no day`);
  return date;
}

export const noon = new Date('2026-03-02T04:00:00.000Z');
export const today = day('2026-03-02');

export const member = (name: string, facts: Partial<NewAccount> = {}): NewAccount => ({
  id: accountId(name),
  kind: 'member',
  subject: 'member_deposits',
  currency: 'CNY',
  institutionId,
  floor: 0n,
  slots: 1,
  openedAt: noon,
  ...facts,
});

export const settlement = (name: string, slots: number): NewAccount =>
  member(name, { kind: 'settlement', subject: 'settlement_pending', floor: null, slots });

export type LegFacts = readonly [
  name: string,
  side: Leg['side'],
  amount: bigint,
  balance?: Leg['balance'],
  currency?: Currency,
];

export const legs = (...facts: readonly LegFacts[]): Leg[] =>
  facts.map(([name, side, amount, balance = 'available', currency = 'CNY']) => ({
    accountId: accountId(name),
    balance,
    side,
    amount: money(amount, currency),
  }));

export const posting = (name: string, all: readonly Leg[], facts: Partial<NewPosting> = {}): NewPosting => ({
  id: postingId(name),
  type: 'adjustment',
  legs: all,
  ...facts,
});

/** From the settlement account to a member: what a top-up without a fee does. */
export const topUp = (name: string, to: string, amount: bigint, facts: Partial<NewPosting> = {}): NewPosting =>
  posting(name, legs(['S', 'debit', amount], [to, 'credit', amount]), { type: 'opening', ...facts });

/** From a member to the settlement account at once, without a hold. */
export const payOut = (name: string, from: string, amount: bigint, facts: Partial<NewPosting> = {}): NewPosting =>
  posting(name, legs([from, 'debit', amount], ['S', 'credit', amount]), facts);

/** Books in memory that know every head. */
export function memoryBooks(accounts: readonly NewAccount[]) {
  const chains = new Map<string, Entry[]>();
  for (const account of accounts) {
    for (const entry of openingEntries(account, today)) chains.set(chainName(entry), [entry]);
  }
  const headsOf = ({ id, slots }: NewAccount): Entry[] =>
    Array.from({ length: slots }, (_, slot) => chains.get(chainName({ accountId: id, slot }))?.at(-1)).flatMap(
      (head) => head ?? [],
    );
  const book = (next: NewPosting, time: Partial<BookingTime> = {}): BookedPosting | Refusal<LedgerRefusal> => {
    const { legs: _, ...facts } = next;
    const heads = new Map(accounts.map((account) => [account.id, headsOf(account)]));
    const booked = bookPosting({ ...facts, moves: netLegs(next) }, heads, { now: noon, businessDate: today, ...time });
    if (!isRefusal(booked)) for (const entry of booked.entries) chains.get(chainName(entry))?.push(entry);
    return booked;
  };
  const balances = (name: string): Balances =>
    accounts
      .filter(({ id }) => id === accountId(name))
      .flatMap(headsOf)
      .reduce<Balances>((sum, { after }) => addBalances(sum, after), noBalances);
  return { chains, book, balances };
}

export const balances = (available: bigint, frozen = 0n, fees = 0n): Balances => ({ available, frozen, fees });
