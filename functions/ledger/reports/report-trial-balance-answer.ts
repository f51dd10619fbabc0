/** A trial balance as callers see it: every figure on its side, and totals that are the same on both. */
import type * as z from 'zod';
import { type Currency, money, moneyToJson } from '../../kernel/money.ts';
import type { Owner } from '../business-day.ts';
import { chartOfAccounts } from '../chart-of-accounts.ts';
import { textOf } from '../close/close-csv.ts';
import { closingOfSubject, type SubjectDay } from '../close/day-movements.ts';
import { institutionOf } from './report-owner.ts';
import type { trialBalanceSchema } from './report-schemas.ts';
import type { TrialBalance } from './report-trial-balance.ts';

interface Sides {
  readonly debit: bigint;
  readonly credit: bigint;
}

/** A balance stands on one side. */
const balanceSides = (debits: bigint): Sides =>
  debits < 0n ? { debit: 0n, credit: -debits } : { debit: debits, credit: 0n };

interface Figures {
  readonly opening: Sides;
  readonly movement: Sides;
  readonly closing: Sides;
}

const figuresOf = (line: SubjectDay): Figures => ({
  opening: balanceSides(line.opening),
  movement: { debit: line.debit, credit: line.credit },
  closing: balanceSides(closingOfSubject(line)),
});

const addSides = (left: Sides, right: Sides): Sides => ({
  debit: left.debit + right.debit,
  credit: left.credit + right.credit,
});

function totalsOf(lines: readonly SubjectDay[]): (Figures & { readonly currency: Currency })[] {
  const totals = new Map<Currency, Figures>();
  for (const line of lines) {
    const figures = figuresOf(line);
    const sum = totals.get(line.currency);
    totals.set(
      line.currency,
      sum
        ? {
            opening: addSides(sum.opening, figures.opening),
            movement: addSides(sum.movement, figures.movement),
            closing: addSides(sum.closing, figures.closing),
          }
        : figures,
    );
  }
  return [...totals]
    .map(([currency, figures]) => ({ currency, ...figures }))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
}

export function trialBalanceAnswer(
  { date, status, asOf, lines }: TrialBalance,
  owner: Owner | undefined,
): z.input<typeof trialBalanceSchema> {
  const shown = ({ opening, movement, closing }: Figures, currency: Currency) => {
    const sides = ({ debit, credit }: Sides) => ({
      debit: moneyToJson(money(debit, currency)),
      credit: moneyToJson(money(credit, currency)),
    });
    return { opening: sides(opening), movement: sides(movement), closing: sides(closing) };
  };
  return {
    date,
    status,
    asOf,
    institutionId: institutionOf(owner),
    lines: lines.map((line) => {
      const { en: name, zh: nameZh, normalSide } = chartOfAccounts[line.subject];
      const { currency, subject: code } = line;
      return { subject: { code, name, nameZh, normalSide }, currency, ...shown(figuresOf(line), currency) };
    }),
    totals: totalsOf(lines).map(({ currency, ...figures }) => ({ currency, ...shown(figures, currency) })),
  };
}

const columns = [
  'date',
  'status',
  'subject',
  'name',
  'nameZh',
  'currency',
  'openingDebit',
  'openingCredit',
  'debit',
  'credit',
  'closingDebit',
  'closingCredit',
] as const;

/** One line per subject and currency, then the totals of each currency; amounts in major units. */
export function trialBalanceCsv({ date, status, lines }: TrialBalance): string {
  const row = (subject: string, name: string, nameZh: string, currency: Currency, figures: Figures) => ({
    date,
    status,
    subject,
    name,
    nameZh,
    currency,
    openingDebit: figures.opening.debit,
    openingCredit: figures.opening.credit,
    debit: figures.movement.debit,
    credit: figures.movement.credit,
    closingDebit: figures.closing.debit,
    closingCredit: figures.closing.credit,
  });
  const rows = [
    ...lines.map((line) => {
      const { en, zh } = chartOfAccounts[line.subject];
      return row(line.subject, en, zh, line.currency, figuresOf(line));
    }),
    ...totalsOf(lines).map(({ currency, ...figures }) => row('total', 'Total', '合计', currency, figures)),
  ];
  return `${columns.join(',')}\n${rows.map((each) => textOf([each], columns)).join('')}`;
}
