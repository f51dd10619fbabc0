/** Rule 5 and the accounts' states, as each commit left them; and dates and times that never go back along a chain. */
import type { AccountStatus } from '../../../../functions/ledger/account.ts';
import { postingRules } from '../../../../functions/ledger/posting.ts';
import type { Evidence } from './evidence.ts';

export function* termsAreKept({ journal, books }: Evidence): Generator<string> {
  for (const accountId of journal.accounts()) {
    let before = 0n;
    let status: AccountStatus | undefined;
    for (const { balances, terms, entries } of journal.momentsOf(accountId)) {
      const [entry] = entries;
      const where = `${accountId} with ${entry?.type} ${entry?.postingId}`;
      if (terms.floor !== null && balances.available < before && balances.available < terms.floor) {
        yield `${where} came to ${balances.available}, below its floor of ${terms.floor}`;
      }
      if (balances.frozen < 0n) yield `${where} came to ${balances.frozen} frozen`;
      before = balances.available;
      for (const { type, terms: own, change, slot } of entries) {
        if (postingRules[type].afterTheFact) continue;
        const moves = change.available !== 0n || change.frozen !== 0n;
        if (moves && (own.status === 'blocked' || own.status === 'closed')) {
          yield `${where} moved on slot ${slot}, which is ${own.status}`;
        }
        if (change.available < 0n && own.status === 'debit_blocked') {
          yield `${where} was debited on slot ${slot} although that is blocked`;
        }
      }
      const closes = status !== 'closed' && terms.status === 'closed';
      status = terms.status;
      if (closes && (balances.available !== 0n || balances.frozen !== 0n)) {
        yield `${where} was closed and held ${balances.available}, ${balances.frozen} of it frozen`;
      }
    }
  }
  for (const [name, chain] of books.chains) {
    for (const [index, entry] of chain.entries()) {
      const previous = chain[index - 1];
      if (entry.seq !== index + 1) yield `${name} has number ${entry.seq} in the place of ${index + 1}`;
      if (previous && entry.accountingDate < previous.accountingDate)
        yield `the business date goes back at ${name}#${entry.seq}`;
      if (previous && entry.postedAt < previous.postedAt) yield `the time goes back at ${name}#${entry.seq}`;
    }
  }
  for (const [name, chain] of books.chains) {
    const slot0 = books.chains.get(name.replace(/#\d+$/, '#0'))?.at(-1);
    const last = chain.at(-1);
    if (slot0 && last && slot0.terms.status !== last.terms.status) {
      yield `${name} is ${last.terms.status}, and its slot 0 is ${slot0.terms.status}`;
    }
  }
}
