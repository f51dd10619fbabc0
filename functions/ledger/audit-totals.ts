/** What an audit counts and adds up on its way: small, whatever the size of the ledger. */
import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { type AccountFacts, type Balances, balanceKinds, onNormalSides, subjectOf } from './account.ts';
import { type Subject, subjects } from './chart-of-accounts.ts';

const counted = ['items', 'entries', 'chains', 'accounts', 'postings', 'claims'] as const;
type Counted = (typeof counted)[number];
export type Counts = Record<Counted, number>;

/** A sum with debits positive, in minor units. */
interface SubjectSum {
  readonly subject: Subject;
  readonly currency: Currency;
  debits: bigint;
}

const amount = z.string().transform((digits) => BigInt(digits));
const sumSchema = z.object({ subject: z.enum(subjects), currency: currencySchema, debits: amount });

export const totalsSchema = z.object({
  counts: z.object({
    items: z.int(),
    entries: z.int(),
    chains: z.int(),
    accounts: z.int(),
    postings: z.int(),
    claims: z.int(),
  }),
  /** by the last entry of each chain */
  balances: z.array(sumSchema),
  /** by every entry's change, and its business day */
  movements: z.array(sumSchema.extend({ date: z.string().transform((date) => date as AccountingDate) })),
  businessDate: z.string().optional(),
});

export type StoredTotals = z.output<typeof totalsSchema>;

/** Adds up the part that one scan reads, or all the parts. */
export class Totals {
  readonly counts: Counts = { items: 0, entries: 0, chains: 0, accounts: 0, postings: 0, claims: 0 };
  private readonly balances = new Map<string, SubjectSum>();
  private readonly movements = new Map<string, SubjectSum & { readonly date: AccountingDate }>();
  businessDate: string | undefined;

  add(more: StoredTotals): void {
    for (const each of counted) this.counts[each] += more.counts[each];
    for (const sum of more.balances) this.addTo(this.balances, `${sum.subject} ${sum.currency}`, sum);
    for (const sum of more.movements) this.addTo(this.movements, `${sum.date} ${sum.subject} ${sum.currency}`, sum);
    this.businessDate ??= more.businessDate;
  }

  addBalances(account: AccountFacts, after: Balances): void {
    for (const sum of sumsOf(account, after)) {
      this.addTo(this.balances, `${sum.subject} ${sum.currency}`, sum);
    }
  }

  addMovement(date: AccountingDate, account: AccountFacts, change: Balances): void {
    for (const sum of sumsOf(account, change)) {
      this.addTo(this.movements, `${date} ${sum.subject} ${sum.currency}`, { ...sum, date });
    }
  }

  stored(): StoredTotals {
    return {
      counts: { ...this.counts },
      balances: [...this.balances.values()],
      movements: [...this.movements.values()],
      businessDate: this.businessDate,
    };
  }

  private addTo<Sum extends SubjectSum>(sums: Map<string, Sum>, key: string, more: Sum): void {
    const sum = sums.get(key);
    if (sum) sum.debits += more.debits;
    else sums.set(key, { ...more });
  }
}

/** An account that holds nothing still shows its subject. */
function sumsOf(account: AccountFacts, amounts: Balances): SubjectSum[] {
  const debits = onNormalSides(account, amounts);
  return balanceKinds
    .filter((kind) => kind === 'available' || amounts[kind] !== 0n)
    .map((kind) => ({ subject: subjectOf(account, kind), currency: account.currency, debits: debits[kind] }));
}
