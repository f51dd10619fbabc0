/** 资金汇总 and 手续费汇总: both sides of one batch or of many, by merchant number, currency and kind. Pure. */
import type { Currency } from '../../kernel/money.ts';
import type { Conclusion } from '../batch.ts';
import type { StatementDay } from '../statement-key.ts';
import { type LineKind, lineKinds, netOf } from '../statement-line.ts';
import { addTotals, feesOf, type KindTotals, netOfTotals, noTotals, ofKind, type SideTotals } from '../totals.ts';

export const summaryReports = ['funds-summary', 'fee-summary'] as const;

export type SummaryReport = (typeof summaryReports)[number];

/** A concluded version of a day. */
export interface CountedBatch {
  readonly day: StatementDay;
  /** of the settlement account: no other currency is on it */
  readonly currency: Currency;
  readonly conclusion: Pick<Conclusion, 'theirs' | 'ours'>;
}

export interface SummaryRow {
  readonly channel: string;
  readonly merchantNo: string;
  readonly currency: Currency;
  readonly kind: LineKind;
  readonly theirs: Figures;
  readonly ours: Figures;
  /** theirs minus ours */
  readonly difference: Figures;
}

/** Minor units. */
export interface Figures extends KindTotals {
  /** what it did to the money at the channel, fees taken off */
  readonly net: bigint;
}

export interface SummaryTotal {
  readonly currency: Currency;
  readonly theirs: Pick<Figures, 'fee' | 'net'>;
  readonly ours: Pick<Figures, 'fee' | 'net'>;
}

interface Account {
  readonly channel: string;
  readonly merchantNo: string;
  readonly currency: Currency;
  theirs: SideTotals;
  ours: SideTotals;
}

/** Only kinds that occur on either side; in the order of channels, merchant numbers and kinds. */
export function summaryRows(batches: readonly CountedBatch[]): readonly SummaryRow[] {
  return accountsOf(batches).flatMap(({ theirs, ours, ...account }) =>
    lineKinds
      .filter((kind) => theirs[kind] !== undefined || ours[kind] !== undefined)
      .map((kind): SummaryRow => {
        const sides = { theirs: figuresOf(kind, ofKind(theirs, kind)), ours: figuresOf(kind, ofKind(ours, kind)) };
        return { ...account, kind, ...sides, difference: subtracted(sides.theirs, sides.ours) };
      }),
  );
}

function accountsOf(batches: readonly CountedBatch[]): readonly Account[] {
  const accounts = new Map<string, Account>();
  for (const { day, currency, conclusion } of batches) {
    const key = `${day.channel}#${day.merchantNo}#${currency}`;
    const { channel, merchantNo } = day;
    const account = accounts.get(key) ?? { channel, merchantNo, currency, theirs: noTotals, ours: noTotals };
    account.theirs = addTotals(account.theirs, conclusion.theirs);
    account.ours = addTotals(account.ours, conclusion.ours);
    accounts.set(key, account);
  }
  return [...accounts.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, account]) => account);
}

const figuresOf = (kind: LineKind, totals: KindTotals): Figures => ({ ...totals, net: netOf({ kind, ...totals }) });

const subtracted = (left: Figures, right: Figures): Figures => ({
  count: left.count - right.count,
  amount: left.amount - right.amount,
  fee: left.fee - right.fee,
  net: left.net - right.net,
});

/** One for each currency. */
export function summaryTotals(batches: readonly CountedBatch[]): readonly SummaryTotal[] {
  const totals = new Map<Currency, SummaryTotal>();
  for (const { currency, conclusion } of batches) {
    const before = totals.get(currency);
    totals.set(currency, {
      currency,
      theirs: added(before?.theirs, conclusion.theirs),
      ours: added(before?.ours, conclusion.ours),
    });
  }
  return [...totals.values()].sort((left, right) => (left.currency < right.currency ? -1 : 1));
}

const added = (before: SummaryTotal['ours'] | undefined, totals: SideTotals): SummaryTotal['ours'] => ({
  fee: (before?.fee ?? 0n) + feesOf(totals),
  net: (before?.net ?? 0n) + netOfTotals(totals),
});
