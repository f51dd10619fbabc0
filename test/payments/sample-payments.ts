/** Payments of invented people, for the tests of this folder. */
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import type { Destination, Payment } from '../../functions/payments/payment.ts';
import { type NewPayment, startPayment } from '../../functions/payments/payment-changes.ts';

export const institutionId = idFrom('inst', 'Mountain Tea');
export const memberId = idFrom('acct', 'member', institutionId, 'user-1');
export const bindingId = idFrom('bind', 'user-1');

export const wallet: Destination = {
  channel: 'sandbox-wallet',
  merchantNo: '1601959334',
  settlementAccountId: idFrom('acct', 'wallet'),
  fee: money(60n, 'CNY'),
};

export const bank: Destination = {
  channel: 'sandbox-bank',
  merchantNo: 'BANK-7',
  settlementAccountId: idFrom('acct', 'bank'),
  fee: money(25n, 'CNY'),
};

export const topUpFacts: NewPayment = {
  kind: 'top_up',
  product: 'withholding',
  institutionId,
  accountId: memberId,
  bindingId,
  reference: 'ORDER-1',
  operationId: 'operation-1',
  amount: money(10_000n, 'CNY'),
  createdAt: new Date('2026-03-01T15:59:00Z'),
  accountingDate: '2026-03-01' as AccountingDate,
  statementDay: '2026-03-01' as AccountingDate,
};

export const topUp = (facts: Partial<NewPayment> = {}, destination = wallet): Payment =>
  startPayment({ ...topUpFacts, ...facts }, destination);

export const withdrawal = (facts: Partial<NewPayment> = {}, destination = bank): Payment =>
  startPayment({ ...topUpFacts, kind: 'withdrawal', product: 'payout', ...facts }, destination);

/** Of half of {@link topUp}, with half of its fee. */
export const refund = (facts: Partial<NewPayment> = {}, destination = wallet): Payment =>
  startPayment(
    {
      ...topUpFacts,
      kind: 'refund',
      reference: 'REFUND-1',
      originalId: topUp().id,
      amount: money(5_000n, 'CNY'),
      ...facts,
    },
    { ...destination, fee: money(-30n, 'CNY') },
  );
