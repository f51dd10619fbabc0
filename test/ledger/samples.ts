/** Accounts and postings for the ledger's tests, and books in memory that run on the pure rules alone. */
import { parseAccountingDate } from '../../functions/kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom, type PostingId } from '../../functions/kernel/ids.ts';
import { type Currency, money } from '../../functions/kernel/money.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import type { NewAccount } from '../../functions/ledger/account.ts';
import { bookPosting, checkAccounts } from '../../functions/ledger/book-posting.ts';
import type { Entry } from '../../functions/ledger/entry.ts';
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

export const feeExpense = (name: string, slots: number): NewAccount =>
  member(name, { kind: 'internal', subject: 'fee_expense', floor: null, slots });

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
  accountingDate: today,
  legs: all,
  ...facts,
});

/** From the settlement account to a member: what a top-up without a fee does. */
export const topUp = (name: string, to: string, amount: bigint, facts: Partial<NewPosting> = {}): NewPosting =>
  posting(name, legs(['S', 'debit', amount], [to, 'credit', amount]), { type: 'top_up', ...facts });

/** From a member to the settlement account at once, without a hold. */
export const payOut = (name: string, from: string, amount: bigint, facts: Partial<NewPosting> = {}): NewPosting =>
  posting(name, legs([from, 'debit', amount], ['S', 'credit', amount]), facts);

/** Chains of one slot each, in memory. */
export function memoryBooks(accounts: readonly NewAccount[]) {
  const known = new Map(accounts.map((account) => [account.id, account]));
  const chains = new Map(accounts.map((account) => [account.id, [] as Entry[]]));
  const book = (next: NewPosting, now = noon) => {
    const draft = { ...next, moves: netLegs(next) };
    const wrong = checkAccounts(draft, known);
    if (wrong) return wrong;
    const heads = draft.moves.map((move) => ({
      accountId: move.accountId,
      slot: 0,
      last: chains.get(move.accountId)?.at(-1),
    }));
    const booked = bookPosting(draft, { accounts: known, heads, now });
    if (!isRefusal(booked)) for (const entry of booked.entries) chains.get(entry.accountId)?.push(entry);
    return booked;
  };
  return { accounts: known, chains, book };
}
