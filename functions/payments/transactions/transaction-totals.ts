/** What the transactions of a filter add up to. */
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { kindOf, statusOf, type Transaction, type TransactionKind, type TransactionStatus } from './transaction.ts';

export interface TransactionTotal {
  readonly kind: TransactionKind;
  readonly status: TransactionStatus;
  readonly currency: Currency;
  readonly count: number;
  /** minor units, as are the others */
  readonly amount: bigint;
  /** what channels charge, as the books expect it */
  readonly fee: bigint;
  /** what we charge */
  readonly charged: bigint;
}

/** Some 20 s of reading; a business with more asks for a shorter range. */
export const maximumTotalled = 50_000;

/** By kind, status and currency; what a failed payment would have cost is not counted. */
export async function totalTransactions(
  transactions: AsyncIterable<Transaction>,
): Promise<readonly TransactionTotal[] | Refusal<'range_too_long'>> {
  const totals = new Map<string, TransactionTotal>();
  let read = 0;
  for await (const transaction of transactions) {
    read += 1;
    if (read > maximumTotalled) {
      return refuse('range_too_long', `More than ${maximumTotalled} transactions: ask for fewer days.`);
    }
    const { amount, currency, fee, charged } = amountsOf(transaction);
    const [kind, status] = [kindOf(transaction), statusOf(transaction)];
    const key = `${kind}|${status}|${currency}`;
    const sum = totals.get(key) ?? { kind, status, currency, count: 0, amount: 0n, fee: 0n, charged: 0n };
    totals.set(key, {
      ...sum,
      count: sum.count + 1,
      amount: sum.amount + amount,
      fee: sum.fee + fee,
      charged: sum.charged + charged,
    });
  }
  return [...totals].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, total]) => total);
}

/** In minor units of one currency. */
export function amountsOf(transaction: Transaction): Pick<TransactionTotal, 'amount' | 'fee' | 'charged' | 'currency'> {
  switch (transaction.from) {
    case 'payments': {
      const { amount, fee, charges = [], status } = transaction.payment;
      const charged = charges.reduce((sum, charge) => sum + charge.amount, 0n);
      return status === 'failed' ? { ...amount, fee: 0n, charged: 0n } : { ...amount, fee: fee.amount, charged };
    }
    case 'verifications': {
      const { cost, fee, status } = transaction.verification;
      const isOwed = status !== 'processing';
      return { amount: 0n, currency: cost.currency, fee: isOwed ? cost.amount : 0n, charged: isOwed ? fee.amount : 0n };
    }
    case 'transfers':
      return { ...transaction.transfer.amount, fee: 0n, charged: 0n };
    case 'holds':
      return { ...transaction.hold.amount, fee: 0n, charged: 0n };
  }
}
