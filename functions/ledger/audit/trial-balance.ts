import type { Currency } from '../../kernel/money.ts';
import { chartOfAccounts, type Subject, subjects } from '../chart-of-accounts.ts';

export interface TrialBalanceLine {
  readonly subject: Subject;
  readonly name: string;
  readonly nameZh: string;
  readonly currency: Currency;
  /** minor units; a line has its total on one of the two sides, and all lines of a currency sum to the same on both */
  readonly debit: bigint;
  readonly credit: bigint;
}

/**
 * 试算平衡: the balances per subject and currency, in the order of the chart.
 *
 * @param sums each subject and currency once, debits positive
 */
export const trialBalance = (
  sums: readonly { readonly subject: Subject; readonly currency: Currency; readonly debits: bigint }[],
): readonly TrialBalanceLine[] =>
  subjects.flatMap((subject) =>
    sums
      .filter((sum) => sum.subject === subject)
      .map(({ currency, debits }) => {
        const { en: name, zh: nameZh } = chartOfAccounts[subject];
        return {
          subject,
          name,
          nameZh,
          currency,
          debit: debits > 0n ? debits : 0n,
          credit: debits < 0n ? -debits : 0n,
        };
      }),
  );
