/** Transactions as a CSV file, made while they are read. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { decimalFromMinorUnits, type MoneyJson } from '../../kernel/money.ts';
import { anyTransactionView } from '../transaction-view.ts';
import type { Transaction } from './transaction.ts';

const columns = [
  ...['id', 'kind', 'product', 'status', 'createdAt', 'completedAt', 'accountingDate', 'reference', 'accountId'],
  ...['counterAccountId', 'currency', 'amount', 'fee', 'charged', 'refunded', 'channel', 'merchantNo'],
  ...['channelOrderNo', 'channelTradeNo', 'bank', 'originalId', 'failureCode', 'failureReason'],
];

/**
 * One line for each, in their order. Amounts are in major units (`-0.60`); text that a spreadsheet would run as a formula is
 * defused.
 */
export function transactionsCsv(transactions: AsyncIterable<Transaction>): AsyncIterable<string> {
  const stringifier = stringify({
    header: true,
    columns,
    escape_formulas: true,
    cast: { object: (cell) => amountCell(cell as unknown as MoneyJson) }, // no other cell is an object
  });
  stringifier.setEncoding('utf8');
  // an error of the source comes out where the pieces are taken
  pipeline(Readable.from(rowsOf(transactions)), stringifier, () => undefined);
  return stringifier;
}

async function* rowsOf(transactions: AsyncIterable<Transaction>): AsyncGenerator<object, void> {
  for await (const transaction of transactions) {
    const { failure, ...facts } = anyTransactionView(transaction);
    const { currency } = facts.amount;
    yield { ...facts, currency, failureCode: failure?.code, failureReason: failure?.reason };
  }
}

/** A number with a sign is no formula. */
const amountCell = ({ amount, currency }: MoneyJson) => ({
  value: decimalFromMinorUnits(BigInt(amount), currency),
  escape_formulas: false,
});
