/** What an audit counts and adds up on its way: small, whatever the size of the ledger. */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { type Currency, currencySchema } from '../../kernel/money.ts';
import {
  type AccountFacts,
  type Balances,
  balanceKinds,
  noBalances,
  onNormalSides,
  sameBalances,
  subjectOf,
} from '../account.ts';
import { type Subject, subjects } from '../chart-of-accounts.ts';
import type { Entry } from '../entry.ts';

const counted = ['items', 'entries', 'chains', 'accounts', 'postings', 'claims'] as const;
type Counted = (typeof counted)[number];
export type Counts = Record<Counted, number>;

/** A sum with debits positive, in minor units. */
interface SubjectSum {
  readonly subject: Subject;
  readonly currency: Currency;
  debits: bigint;
}

/** Our own file. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);
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
  movements: z.array(sumSchema.extend({ date: text<AccountingDate>() })),
  /** what a close counts of a day: entries that move something, and the debits by currency */
  days: z.array(z.object({ date: text<AccountingDate>(), currency: currencySchema, debits: amount, entries: z.int() })),
  businessDates: z
    .object({
      open: text<AccountingDate>(),
      first: text<AccountingDate>(),
      closedThrough: text<AccountingDate>().optional(),
      movedAt: z.string().optional(),
    })
    .optional(),
  closes: z.array(
    z.object({
      day: text<AccountingDate>(),
      run: z.string(),
      entries: z.int(),
      turnover: z.array(z.object({ currency: currencySchema, amount })).readonly(),
    }),
  ),
});

export type StoredTotals = z.output<typeof totalsSchema>;

/** Adds up the part that one scan reads, or all the parts. */
export class Totals {
  readonly counts: Counts = { items: 0, entries: 0, chains: 0, accounts: 0, postings: 0, claims: 0 };
  private readonly balances = new Map<string, SubjectSum>();
  private readonly movements = new Map<string, SubjectSum & { readonly date: AccountingDate }>();
  private readonly days = new Map<string, StoredTotals['days'][number]>();
  readonly closes: StoredTotals['closes'][number][] = [];
  businessDates: StoredTotals['businessDates'];

  add(more: StoredTotals): void {
    for (const each of counted) this.counts[each] += more.counts[each];
    for (const sum of more.balances) this.addTo(this.balances, `${sum.subject} ${sum.currency}`, sum);
    for (const sum of more.movements) this.addTo(this.movements, `${sum.date} ${sum.subject} ${sum.currency}`, sum);
    for (const day of more.days) this.addDay(day);
    this.closes.push(...more.closes);
    this.businessDates ??= more.businessDates;
  }

  addBalances(account: AccountFacts, after: Balances): void {
    for (const sum of sumsOf(account, after)) {
      this.addTo(this.balances, `${sum.subject} ${sum.currency}`, sum);
    }
  }

  addMovement({ accountingDate: date, account, change }: Entry): void {
    for (const sum of sumsOf(account, change)) {
      this.addTo(this.movements, `${date} ${sum.subject} ${sum.currency}`, { ...sum, date });
    }
    if (sameBalances(change, noBalances)) return;
    const moved = onNormalSides(account, change);
    const debits = balanceKinds.reduce((sum, kind) => (moved[kind] > 0n ? sum + moved[kind] : sum), 0n);
    this.addDay({ date, currency: account.currency, debits, entries: 1 });
  }

  private addDay({ date, currency, debits, entries }: StoredTotals['days'][number]): void {
    const name = `${date} ${currency}`;
    const sum = this.days.get(name) ?? { date, currency, debits: 0n, entries: 0 };
    this.days.set(name, { ...sum, debits: sum.debits + debits, entries: sum.entries + entries });
  }

  stored(): StoredTotals {
    return {
      counts: { ...this.counts },
      balances: [...this.balances.values()],
      movements: [...this.movements.values()],
      days: [...this.days.values()],
      businessDates: this.businessDates,
      closes: [...this.closes],
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
