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
  bindingId: payment.bindingId ?? null,
  bank: payment.bank ?? null,
  originalId: payment.originalId ?? null,
  batchNo: payment.batchNo ?? null,
  amount: moneyToJson(payment.amount),
  refunded: moneyToJson(money(payment.refunded ?? 0n, payment.amount.currency)),
  charged: moneyToJson(chargedFor(payment)),
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
  nextAction: payment.action ?? null,
  redirectUrl: payment.action?.type === 'redirect' && payment.action.method === 'GET' ? payment.action.url : null,
  expiresAt: payment.expiresAt?.toISOString() ?? null,
  failure: payment.failure ?? null,
});

const chargedFor = ({ status, charges = [], amount: { currency } }: Payment) =>
  money(status === 'failed' ? 0n : charges.reduce((sum, { amount }) => sum + amount, 0n), currency);

function balancesAfter({ balancesAfter: balances, amount: { currency } }: Payment) {
  if (!balances) return null;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return { available: shown(balances.available), frozen: shown(balances.frozen) };
}
