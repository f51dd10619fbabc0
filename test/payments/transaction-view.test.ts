import { expect, test } from '@jest/globals';
import { failPayment } from '../../functions/payments/payment-changes.ts';
import { transactionView } from '../../functions/payments/transaction-view.ts';
import { topUp } from './sample-payments.ts';

const cny = (amount: number) => ({ amount, currency: 'CNY' });

test('a transaction says what is charged for it, and who pays how much of that', () => {
  const payment = topUp({
    charges: [
      { amount: 100n, payer: 'member' },
      { amount: 30n, payer: 'institution' },
    ],
  });
  expect(transactionView(payment)).toMatchObject({
    charged: cny(130),
    charges: [
      { payer: 'member', amount: cny(100) },
      { payer: 'institution', amount: cny(30) },
    ],
  });
  const failed = failPayment(payment, { code: 'refused', reason: 'no' }, { at: new Date(0), source: 'request' });
  expect(transactionView(failed)).toMatchObject({ charged: cny(0), charges: [] });
});
