/** Transactions as their institution sees them. */
import type * as z from 'zod';
import { money, moneyToJson } from '../kernel/money.ts';
import type { Transfer } from '../ledger/index.ts';
import { requestNoOf } from '../parties/index.ts';
import type { Payment } from './payment.ts';
import type { shownTransactionSchema, transactionSchema } from './transaction-schemas.ts';
import { timelineOf } from './transactions/timeline.ts';
import { accountsOf, channelOf, kindOf, statusOf, type Transaction } from './transactions/transaction.ts';
import { amountsOf } from './transactions/transaction-totals.ts';
import { verificationTimeline } from './transactions/verification-timeline.ts';

export type TransactionView = z.infer<typeof transactionSchema>;

export const transactionView = (payment: Payment): TransactionView => ({
  id: payment.id,
  kind: payment.kind,
  product: payment.product,
  status: payment.status,
  accountId: payment.accountId,
  counterAccountId: null,
  bindingId: payment.bindingId ?? null,
  bank: payment.bank ?? null,
  originalId: payment.originalId ?? null,
  batchNo: payment.batchNo ?? null,
  amount: moneyToJson(payment.amount),
  refunded: moneyToJson(money(payment.refunded ?? 0n, payment.amount.currency)),
  charged: moneyToJson(chargedFor(payment)),
  charges: chargesOf(payment),
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

const chargesOf = ({ status, charges = [], amount: { currency } }: Payment) =>
  status === 'failed'
    ? []
    : charges.map(({ payer, amount }) => ({ payer, amount: moneyToJson(money(amount, currency)) }));

const chargedFor = ({ status, charges = [], amount: { currency } }: Payment) =>
  money(status === 'failed' ? 0n : charges.reduce((sum, { amount }) => sum + amount, 0n), currency);

function balancesAfter({ balancesAfter: balances, amount: { currency } }: Payment) {
  if (!balances) return null;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return { available: shown(balances.available), frozen: shown(balances.frozen) };
}

/** One of any kind; what it has no part in is null. */
export function anyTransactionView(transaction: Transaction): TransactionView {
  if (transaction.from === 'payments') return transactionView(transaction.payment);
  const { amount, currency, fee, charged } = amountsOf(transaction);
  const [accountId = null, counterAccountId = null] = accountsOf(transaction);
  const shown = (minorUnits: bigint) => moneyToJson(money(minorUnits, currency));
  return {
    kind: kindOf(transaction),
    status: statusOf(transaction),
    accountId,
    counterAccountId,
    channel: channelOf(transaction) ?? null,
    amount: shown(amount),
    fee: shown(fee),
    charged: shown(charged),
    // of a verification it is the institution that pays
    charges: charged > 0n ? [{ payer: 'institution', amount: shown(charged) }] : [],
    refunded: shown(0n),
    ...nothingOfChannels,
    ...ownFacts(transaction),
  };
}

const nothingOfChannels = {
  product: null,
  bindingId: null,
  bank: null,
  originalId: null,
  batchNo: null,
  reference: null,
  merchantNo: null,
  channelOrderNo: null,
  channelTradeNo: null,
  accountingDate: null,
  balancesAfter: null,
  nextAction: null,
  redirectUrl: null,
  expiresAt: null,
  failure: null,
  completedAt: null,
};

function ownFacts(transaction: Exclude<Transaction, { from: 'payments' }>) {
  switch (transaction.from) {
    case 'verifications': {
      const { verification } = transaction;
      const { id, route, createdAt, completedAt, expiresAt, failure, bindingId, accountingDate } = verification;
      return {
        id,
        product: 'verification' as const,
        merchantNo: route?.merchantNo ?? null,
        channelOrderNo: route ? requestNoOf(verification) : null,
        accountingDate: accountingDate ?? null,
        bindingId: bindingId ?? null,
        createdAt,
        completedAt: completedAt ?? null,
        expiresAt: expiresAt ?? null,
        failure: failure ?? null,
      };
    }
    case 'transfers': {
      const { id, reference, reverses, accountingDate, postedAt } = transaction.transfer;
      return {
        id,
        reference: reference ?? null,
        originalId: reverses ?? null,
        accountingDate,
        createdAt: postedAt,
        completedAt: postedAt,
      };
    }
    case 'holds': {
      const { id, reference, placedAt, expiresAt } = transaction.hold;
      return { id, reference, createdAt: placedAt, expiresAt: expiresAt ?? null };
    }
  }
}

/** One with all that happened to it. */
export const shownTransaction = (transaction: Transaction): z.infer<typeof shownTransactionSchema> => ({
  ...anyTransactionView(transaction),
  timeline: timelineView(transaction),
});

type Timeline = z.infer<typeof shownTransactionSchema>['timeline'];

function timelineView(transaction: Transaction): Timeline {
  switch (transaction.from) {
    case 'payments':
      return timelineOf(transaction.payment).map((item) => ({ ...item, at: item.at.toISOString() }));
    case 'verifications':
      return verificationTimeline(transaction.verification).map((item) => ({ ...item, at: item.at.toISOString() }));
    case 'transfers':
      return transferTimeline(transaction.transfer);
    case 'holds':
      return [];
  }
}

/** A transfer is stored when it has happened: it is its own posting. */
const transferTimeline = ({ id, kind, accountingDate, postedAt: at }: Transfer): Timeline => [
  { type: 'state', at, event: 'make', status: 'succeeded', source: 'request' },
  { type: 'posting', at, postingId: id, postingType: kind, accountingDate },
];
