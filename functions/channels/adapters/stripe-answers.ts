/** What every order to Stripe has in common: how it says its amount, which answers are to it, and what a rejection means. */
import { moneyToJson } from '../../kernel/money.ts';
import type { ChannelOrderReference, ChannelRefusal, CollectOrder, OrderKind, Unknown } from '../channel-adapter.ts';
import { type StripeRejection, unknown } from './stripe-account.ts';
import { refusedBy } from './stripe-objects.ts';

/** Rejections of Stripe's that are about it or our account there: another channel may well do it. */
const aboutStripe: ReadonlySet<string> = new Set([
  'account_closed',
  'amount_too_large',
  'amount_too_small',
  'balance_insufficient',
  'insufficient_capabilities_for_transfer',
  'payment_method_unactivated',
  'resource_missing',
  'transfers_not_allowed',
]);

export function sayNo(answer: StripeRejection | Unknown, kind: OrderKind): ChannelRefusal | Unknown {
  if (answer.outcome === 'unknown') return answer;
  // the same number stands for another order, or for one that was closed before it came
  if (answer.by === 'used_number') return unknown('the number stands for another order');
  // no other channel can give back what came in by this one
  const retryElsewhere = kind !== 'refund' && answer.by === 'request' && aboutStripe.has(answer.code);
  return { ...refusedBy(answer.code, answer.paymentIntent), retryElsewhere };
}

/** Minor units are the same with Stripe for all our currencies. It wants those of KWD in tens, and refuses others itself. */
export function stripeMoney({ amount }: Pick<CollectOrder, 'amount'>): { amount: number; currency: string } {
  const json = moneyToJson(amount);
  return { amount: json.amount, currency: json.currency.toLowerCase() };
}

interface OfAnOrder {
  readonly metadata: { readonly order: string; readonly merchant: string };
}

/** Whether an answer is about the order that was asked about. */
export const isFor =
  (reference: Pick<ChannelOrderReference, 'channelOrderNo' | 'merchantNo'>) =>
  ({ metadata }: OfAnOrder): boolean =>
    metadata.order === reference.channelOrderNo && metadata.merchant === reference.merchantNo;

export const isAnswerTo =
  (order: Pick<CollectOrder, 'channelOrderNo' | 'merchantNo' | 'amount'>) =>
  (answer: OfAnOrder & { readonly amount: number; readonly currency: string }): boolean =>
    isFor(order)(answer) &&
    BigInt(answer.amount) === order.amount.amount &&
    answer.currency.toUpperCase() === order.amount.currency;
