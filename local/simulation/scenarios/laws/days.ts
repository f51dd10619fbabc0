/** A closed day is what the chains hold of it, to the last entry: nothing has joined it after its sums. */
import {
  balanceKinds,
  noBalances,
  onNormalSides,
  sameBalances,
  subjectOf,
} from '../../../../functions/ledger/account.ts';
import { ownerCloses } from '../../../../functions/ledger/close/close-store.ts';
import type { Entry } from '../../../../functions/ledger/entry.ts';
import type { Evidence } from './evidence.ts';

export async function* daysAreTheirEntries({ books, closes, payments }: Evidence): AsyncGenerator<string> {
  const moving = [...books.chains.values()].flat().filter(({ change }) => !sameBalances(change, noBalances));
  for (const close of closes) {
    const ofDay = moving.filter(({ accountingDate }) => accountingDate === close.day);
    if (ofDay.length !== close.entries) {
      yield `${close.day} was closed with ${close.entries} entries, and ${ofDay.length} stand in it`;
    }
    const upTo = sumsOf(moving.filter(({ accountingDate }) => accountingDate <= close.day));
    const told = new Map<string, bigint>();
    for (const { lines } of await ownerCloses(payments.ledger.table, close)) {
      for (const { subject, opening, debit, credit } of lines) {
        told.set(subject, (told.get(subject) ?? 0n) + opening + debit - credit);
      }
    }
    for (const subject of new Set([...upTo.keys(), ...told.keys()])) {
      const [held, said] = [upTo.get(subject) ?? 0n, told.get(subject) ?? 0n];
      if (held !== said) yield `${close.day} was closed with ${said} in ${subject}, and its entries lead to ${held}`;
    }
  }
}

/** By subject, debits positive. */
function sumsOf(entries: readonly Entry[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { account, change } of entries) {
    const debits = onNormalSides(account, change);
    for (const kind of balanceKinds) {
      const subject = subjectOf(account, kind);
      sums.set(subject, (sums.get(subject) ?? 0n) + debits[kind]);
    }
  }
  return sums;
}
