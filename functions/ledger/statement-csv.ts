import { stringify } from 'csv-stringify/sync';
import { type Currency, decimalFromMinorUnits } from '../kernel/money.ts';
import type { StatementLine } from './merge-chains.ts';

/** One line per entry, amounts in major units (`-99.40`). Text that a spreadsheet would run as a formula is defused. */
export const entriesCsv = (lines: readonly StatementLine[], currency: Currency): string =>
  stringify(
    lines.map(({ entry, balancesAfter }) => ({
      accountingDate: entry.accountingDate,
      postedAt: entry.postedAt,
      postingId: entry.postingId,
      type: entry.type,
      transactionId: entry.transactionId,
      currency,
      availableChange: entry.change.available,
      frozenChange: entry.change.frozen,
      availableAfter: balancesAfter.available,
      frozenAfter: balancesAfter.frozen,
      belongsTo: entry.belongsTo,
      description: entry.description,
    })),
    {
      header: true,
      columns: [...csvColumns],
      escape_formulas: true,
      cast: { bigint: (amount) => decimalFromMinorUnits(amount, currency) },
    },
  );

const csvColumns = [
  'accountingDate',
  'postedAt',
  'postingId',
  'type',
  'transactionId',
  'currency',
  'availableChange',
  'frozenChange',
  'availableAfter',
  'frozenAfter',
  'belongsTo',
  'description',
] as const;
