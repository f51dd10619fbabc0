import { describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { money } from '../../../functions/kernel/money.ts';
import { failPayment, succeedPayment } from '../../../functions/payments/payment-changes.ts';
import type { Transaction } from '../../../functions/payments/transactions/transaction.ts';
import { maximumTotalled, totalTransactions } from '../../../functions/payments/transactions/transaction-totals.ts';
import { topUp } from '../sample-payments.ts';

const at = new Date('2026-03-01T16:00:00Z');
const statementDay = '2026-03-02' as AccountingDate; // a day
const charged = topUp({ charges: [{ amount: 70n, payer: 'member' }] });
const success = succeedPayment(
  charged,
  { channelTradeNo: 'T', completedAt: at },
  { at, source: 'request', statementDay },
);
const failure = failPayment(charged, { code: 'refused', reason: 'no_money' }, { at, source: 'request' });
const dollars = topUp({ amount: money(300n, 'USD') }, { ...topUp(), fee: money(1n, 'USD') });

async function* of(...payments: readonly (typeof success)[]): AsyncGenerator<Transaction> {
  for (const payment of payments) yield { from: 'payments', payment };
}

describe('totals of transactions', () => {
  test('are kept apart by kind, status and currency', async () => {
    expect(await totalTransactions(of(success, dollars, success, failure))).toEqual([
      { kind: 'top_up', status: 'failed', currency: 'CNY', count: 1, amount: 10_000n, fee: 0n, charged: 0n },
      { kind: 'top_up', status: 'processing', currency: 'USD', count: 1, amount: 300n, fee: 1n, charged: 0n },
      { kind: 'top_up', status: 'succeeded', currency: 'CNY', count: 2, amount: 20_000n, fee: 120n, charged: 140n },
    ]);
  });

  test('are refused for more transactions than one answer can read', async () => {
    async function* many(): AsyncGenerator<Transaction> {
      for (let count = 0; count <= maximumTotalled; count++) yield { from: 'payments', payment: success };
    }
    expect(await totalTransactions(many())).toMatchObject({ refused: 'range_too_long' });
  });
});
