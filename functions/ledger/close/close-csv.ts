/** The files for finance: amounts in major units, and no cell that a spreadsheet would run. */
import { stringify } from 'csv-stringify/sync';
import type { AccountingDate } from '../../kernel/clock.ts';
import { type Currency, decimalFromMinorUnits } from '../../kernel/money.ts';
import { balanceKinds, subjectOf } from '../account.ts';
import { type Owner, ownerless } from '../business-day.ts';
import { chartOfAccounts } from '../chart-of-accounts.ts';
import type { JournalRow } from './close-lines.ts';
import { type ChainDay, closingOf } from './day-movements.ts';

/** What a bigint of a row is counted in. */
interface Row {
  readonly currency: Currency;
}

/** As many rows are turned into text at once. */
const batchRows = 500;

/**
 * A file in pieces, its head first. The rows of a piece share a currency: a negative amount is a plain number only where
 * it reaches the writer as a bigint, any other text with a leading minus is defused.
 */
export async function* csvOf<R extends Row>(
  rows: AsyncIterable<R>,
  columns: readonly (keyof R & string)[],
): AsyncGenerator<string> {
  yield `${columns.join(',')}\n`;
  let batch: R[] = [];
  for await (const row of rows) {
    if (batch.length === batchRows || (batch[0] && batch[0].currency !== row.currency)) {
      yield textOf(batch, columns);
      batch = [];
    }
    batch.push(row);
  }
  yield textOf(batch, columns);
}

export function textOf<R extends Row>(rows: readonly R[], columns: readonly (keyof R & string)[]): string {
  const [first] = rows;
  if (!first) return '';
  return stringify([...rows], {
    columns: [...columns],
    escape_formulas: true,
    cast: { bigint: (amount) => decimalFromMinorUnits(amount, first.currency) },
  });
}

export const journalColumns = [
  'accountingDate',
  'postedAt',
  'postingId',
  'type',
  'transactionId',
  'accountId',
  'slot',
  'number',
  'kind',
  'subject',
  'balance',
  'currency',
  'debit',
  'credit',
  'balanceAfter',
  'belongsTo',
  'by',
  'description',
] as const satisfies readonly (keyof JournalRow)[];

/** 总账: one balance of one account on one day. */
export interface GeneralLedgerRow extends Row {
  readonly accountingDate: AccountingDate;
  readonly institutionId: string;
  readonly accountId: string;
  readonly kind: string;
  readonly subject: string;
  readonly name: string;
  readonly nameZh: string;
  readonly balance: string;
  readonly normalSide: string;
  /** positive on the normal side */
  readonly opening: bigint;
  readonly debit: bigint;
  readonly credit: bigint;
  readonly closing: bigint;
  readonly entries: number;
}

export const generalLedgerColumns = [
  'accountingDate',
  'institutionId',
  'accountId',
  'kind',
  'subject',
  'name',
  'nameZh',
  'balance',
  'currency',
  'normalSide',
  'opening',
  'debit',
  'credit',
  'closing',
  'entries',
] as const satisfies readonly (keyof GeneralLedgerRow)[];

const institutionOf = (owner: Owner): string => (owner === ownerless ? '' : owner);

/** @param day the account's slots added up */
export function generalLedgerRows(accountingDate: AccountingDate, day: ChainDay): GeneralLedgerRow[] {
  const { account, accountId, owner, opening, debits, credits, entries } = day;
  const closing = closingOf(day);
  return balanceKinds
    .filter((kind) => opening[kind] !== 0n || debits[kind] !== 0n || credits[kind] !== 0n)
    .map((kind) => {
      const subject = subjectOf(account, kind);
      const { en: name, zh: nameZh, normalSide } = chartOfAccounts[subject];
      return {
        accountingDate,
        institutionId: institutionOf(owner),
        accountId,
        kind: account.kind,
        subject,
        name,
        nameZh,
        balance: kind,
        currency: account.currency,
        normalSide,
        opening: opening[kind],
        debit: debits[kind],
        credit: credits[kind],
        closing: closing[kind],
        entries,
      };
    });
}
