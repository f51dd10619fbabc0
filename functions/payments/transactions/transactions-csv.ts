/** Transactions as a CSV file, made while they are read. */
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { decimalFromMinorUnits } from '../../kernel/money.ts';
import { anyTransactionView } from '../transaction-view.ts';
import type { Transaction } from './transaction.ts';

const columns = [
  ...['id', 'kind', 'product', 'status', 'createdAt', 'completedAt', 'accountingDate', 'reference', 'accountId'],
  ...['counterAccountId', 'currency', 'amount', 'fee', 'charged', 'refunded', 'channel', 'merchantNo'],
  ...['channelOrderNo', 'channelTradeNo', 'bank', 'originalId', 'failureCode', 'failureReason'],
];

/** One line for each, in their order. Amounts are in major units; text that a spreadsheet would run as a formula is defused. */
export function transactionsCsv(transactions: AsyncIterable<Transaction>): AsyncIterable<string> {
  const stringifier = stringify({ header: true, columns, escape_formulas: true });
  stringifier.setEncoding('utf8');
  // an error of the source comes out where the pieces are taken
  pipeline(Readable.from(rowsOf(transactions)), stringifier, () => undefined);
  return stringifier;
}

async function* rowsOf(transactions: AsyncIterable<Transaction>): AsyncGenerator<object, void> {
  for await (const transaction of transactions) {
    const { amount, fee, charged, refunded, failure, ...facts } = anyTransactionView(transaction);
    const { currency } = amount;
    const major = (minorUnits: number) => decimalFromMinorUnits(BigInt(minorUnits), currency);
    yield {
      ...facts,
      currency,
      amount: major(amount.amount),
      fee: major(fee.amount),
      charged: major(charged.amount),
      refunded: major(refunded.amount),
      failureCode: failure?.code,
      failureReason: failure?.reason,
    };
  }
}
