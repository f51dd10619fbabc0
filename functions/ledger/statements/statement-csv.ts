/** An account statement as a CSV file, made while it is read. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { decimalFromMinorUnits } from '../../kernel/money.ts';
import type { Account, Balances } from '../account.ts';
import { type EntryFilter, passes } from './entry-filter.ts';
import type { StatementLine } from './merge-chains.ts';
import type { Statement, StatementRequest } from './statement.ts';
import type { Moment } from './statement-range.ts';

export interface FileRequest extends StatementRequest {
  readonly filter: EntryFilter;
  /** when the statement was read: what it is up to where its range has no end */
  readonly asOf: Date;
}

const columns = [
  ...['accountingDate', 'postedAt', 'postingId', 'type', 'transactionId', 'currency'],
  ...['availableChange', 'frozenChange', 'availableAfter', 'frozenAfter', 'belongsTo', 'description'],
];

const feeColumns = ['feesChange', 'feesAfter'];

/**
 * One line for each entry, between one of the type `opening_balance` and one of the type `closing_balance`, which the
 * entries lead to; newest first, the closing balance is on top. A file that is filtered by type or direction has neither,
 * since its entries lead from nothing to nothing.
 *
 * Amounts are in major units (`-99.40`); text that a spreadsheet would run as a formula is defused. A settlement account's
 * file ends with two columns for fees.
 *
 * @returns pieces of the file
 */
export function statementCsv(account: Account, statement: Statement, request: FileRequest): AsyncIterable<string> {
  const stringifier = stringify({
    header: true,
    columns: account.kind === 'settlement' ? [...columns, ...feeColumns] : columns,
    escape_formulas: true,
    cast: { bigint: (amount) => decimalFromMinorUnits(amount, account.currency) },
  });
  stringifier.setEncoding('utf8');
  // an error of the source comes out where the pieces are taken
  pipeline(Readable.from(rowsOf(account, statement, request)), stringifier, () => undefined);
  return stringifier;
}

async function* rowsOf(
  { currency }: Account,
  { opening, closing, lines }: Statement,
  { order, range, filter, asOf }: FileRequest,
): AsyncGenerator<object, void> {
  const whole = filter.direction === undefined && filter.types === undefined;
  const openingRow = { type: 'opening_balance', currency, ...placeOf(range.from), ...balanceCells(opening) };
  const until = range.to ?? { by: 'postedAt', value: asOf.toISOString() };
  const closingRow = { type: 'closing_balance', currency, ...placeOf(until), ...balanceCells(closing) };

  if (whole) yield order === 'oldest' ? openingRow : closingRow;
  for await (const line of lines) if (passes(line.entry, filter)) yield { currency, ...entryCells(line) };
  if (whole) yield order === 'oldest' ? closingRow : openingRow;
}

const placeOf = (moment: Moment | undefined) => (moment ? { [moment.by]: moment.value } : {});

const balanceCells = (balances: Balances) => ({
  availableAfter: balances.available,
  frozenAfter: balances.frozen,
  feesAfter: balances.fees,
});

const entryCells = ({ entry, balancesAfter }: StatementLine) => ({
  accountingDate: entry.accountingDate,
  postedAt: entry.postedAt,
  postingId: entry.postingId,
  type: entry.type,
  transactionId: entry.transactionId,
  availableChange: entry.change.available,
  frozenChange: entry.change.frozen,
  feesChange: entry.change.fees,
  ...balanceCells(balancesAfter),
  belongsTo: entry.belongsTo,
  description: entry.description,
});
