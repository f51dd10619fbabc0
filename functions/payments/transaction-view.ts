/** A payment as its institution sees it. */
import type * as z from 'zod';
import { money, moneyToJson } from '../kernel/money.ts';
import type { Payment } from './payment.ts';
import type { transactionSchema } from './transaction-schemas.ts';

export const transactionView = (payment: Payment): z.infer<typeof transactionSchema> => ({
  id: payment.id,
  kind: payment.kind,
  product: payment.product,
  status: payment.status,
  accountId: payment.accountId,
  bindingId: payment.bindingId,
  amount: moneyToJson(payment.amount),
  fee: moneyToJson(payment.status === 'failed' ? money(0n, payment.fee.currency) : payment.fee),
  reference: payment.reference,
  channel: payment.channel,
  merchantNo: payment.merchantNo,
  channelOrderNo: payment.channelOrderNo,
  channelTradeNo: payment.channelTradeNo ?? null,
  accountingDate: payment.accountingDate,
  balancesAfter: balancesAfter(payment),
  createdAt: payment.createdAt.toISOString(),
  completedAt: payment.completedAt?.toISOString() ?? null,
  failure: payment.failure ?? null,
});

function balancesAfter({ balancesAfter: balances, amount: { currency } }: Payment) {
  if (!balances) return null;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return { available: shown(balances.available), frozen: shown(balances.frozen) };
}
