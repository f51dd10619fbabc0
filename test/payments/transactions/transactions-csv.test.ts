import { expect, test } from '@jest/globals';
import { money } from '../../../functions/kernel/money.ts';
import type { Payment } from '../../../functions/payments/payment.ts';
import { transactionsCsv } from '../../../functions/payments/transactions/transactions-csv.ts';
import { refund, topUp, wallet } from '../sample-payments.ts';

async function cellsOf(payment: Payment): Promise<Readonly<Record<string, string>>> {
  const file = transactionsCsv(
    (async function* () {
      yield { from: 'payments', payment } as const;
    })(),
  );
  let text = '';
  for await (const piece of file) text += piece;
  const [names = '', cells = ''] = text.split('\n');
  const values = cells.split(',');
  return Object.fromEntries(names.split(',').map((name, place) => [name, values[place] ?? '']));
}

test('amounts are numbers in major units of their currency, whatever their sign', async () => {
  expect(await cellsOf(refund())).toMatchObject({ currency: 'CNY', amount: '50.00', fee: '-0.30', refunded: '0.00' });
  const yen = topUp({ amount: money(500n, 'JPY') }, { ...wallet, fee: money(3n, 'JPY') });
  expect(await cellsOf(yen)).toMatchObject({ currency: 'JPY', amount: '500', fee: '3', charged: '0' });
});

test('text that a spreadsheet would run as a formula is defused', async () => {
  const failed: Payment = { ...topUp(), status: 'failed', failure: { code: 'refused', reason: '=SUM(1)' } };
  expect(await cellsOf(failed)).toMatchObject({ failureCode: 'refused', failureReason: "'=SUM(1)" });
});
