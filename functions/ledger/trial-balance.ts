import type { Currency } from '../kernel/money.ts';
import { balanceKinds, noBalances, subjectOf } from './account.ts';
import type { Books } from './books.ts';
import { chartOfAccounts, type Subject, subjects } from './chart-of-accounts.ts';

export interface TrialBalanceLine {
  readonly subject: Subject;
  readonly name: string;
  readonly nameZh: string;
  readonly currency: Currency;
  /** minor units; a line has its total on one of the two sides, and all lines of a currency sum to the same on both */
  readonly debit: bigint;
  readonly credit: bigint;
}

/** 试算平衡: the balances per subject and currency, in the order of the chart, frozen ones included. */
export function trialBalance({
  accounts,
  balances,
}: Pick<Books, 'accounts' | 'balances'>): readonly TrialBalanceLine[] {
  const totals = new Map<Subject, Map<Currency, bigint>>();
  for (const account of accounts.values()) {
    const { currency } = account;
    for (const kind of balanceKinds) {
      const amount = (balances.get(account.id) ?? noBalances)[kind];
      if (kind !== 'available' && amount === 0n) continue;
      const subject = subjectOf(account, kind);
      const ofSubject = totals.get(subject) ?? new Map<Currency, bigint>();
      totals.set(subject, ofSubject.set(currency, (ofSubject.get(currency) ?? 0n) + amount));
    }
  }
  return subjects.flatMap((subject) =>
    [...(totals.get(subject) ?? [])].map(([currency, total]) => {
      const { en: name, zh: nameZh, normalSide } = chartOfAccounts[subject];
      const debits = normalSide === 'debit' ? total : -total;
      return { subject, name, nameZh, currency, debit: debits > 0n ? debits : 0n, credit: debits < 0n ? -debits : 0n };
    }),
  );
}
