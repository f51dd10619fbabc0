import type { Currency } from '../kernel/money.ts';
import { noBalances } from './account.ts';
import type { Books } from './books.ts';
import { chartOfAccounts, onNormalSide, type Subject, subjects } from './chart-of-accounts.ts';

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
  for (const { id, subject, currency } of accounts.values()) {
    const { available, frozen } = balances.get(id) ?? noBalances;
    const ofSubject = totals.get(subject) ?? new Map<Currency, bigint>();
    totals.set(subject, ofSubject.set(currency, (ofSubject.get(currency) ?? 0n) + available + frozen));
  }
  return subjects.flatMap((subject) =>
    [...(totals.get(subject) ?? [])].map(([currency, total]) => {
      const debits = onNormalSide(subject, total);
      const { en: name, zh: nameZh } = chartOfAccounts[subject];
      return { subject, name, nameZh, currency, debit: debits > 0n ? debits : 0n, credit: debits < 0n ? -debits : 0n };
    }),
  );
}
