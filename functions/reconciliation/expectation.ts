/** 挂账: a payment of ours as what we expect the channel to report. */
import type { PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { batchReferenceOf, type ExpectedPayment, type Payment, returnIdOf } from '../payments/index.ts';
import { type LineKind, netOf } from './statement-line.ts';

export interface Expectation {
  readonly paymentId: PaymentId;
  readonly kind: LineKind;
  /** of a return: that of its payout */
  readonly channelOrderNo: string;
  /** empty while we don't know it */
  readonly channelTradeNo: string;
  readonly amount: bigint;
  /** what we booked as the channel's charge; negative where a refund gave it back */
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'processing' | 'failed';
  /** when the channel completed it, where it has */
  readonly completedAt?: Date | undefined;
  /** what its payout batch is called at the channel, where it was sent in one */
  readonly batchReference?: string | undefined;
}

const kinds = {
  top_up: 'collection',
  withdrawal: 'payout',
  refund: 'refund',
  return: 'payout_return',
} as const satisfies Record<Payment['kind'], LineKind>;

const statuses = {
  created: 'processing',
  processing: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  // they did succeed on their day; what came back has lines of its own
  returned: 'succeeded',
  refunded: 'succeeded',
} as const satisfies Record<Payment['status'], Expectation['status']>;

export const expectationOf = (payment: ExpectedPayment): Expectation => ({
  paymentId: payment.id,
  kind: kinds[payment.kind],
  channelOrderNo: payment.channelOrderNo,
  channelTradeNo: payment.channelTradeNo ?? '',
  amount: payment.amount.amount,
  fee: payment.fee.amount,
  currency: payment.amount.currency,
  status: statuses[payment.status],
  ...(payment.completedAt && { completedAt: payment.completedAt }),
  ...(payment.batchNo && { batchReference: batchReferenceOf(payment.batchNo) }),
});

/** Of a payout that nobody has told us came back: what its return would be, until it is booked. */
export const returnExpectationOf = (payout: Payment): Expectation => ({
  ...expectationOf(payout),
  paymentId: returnIdOf(payout.id),
  kind: 'payout_return',
  channelTradeNo: '',
  fee: 0n,
  status: 'processing',
});

/** What we booked for it on the settlement account, minor units: a debit is positive. */
export const bookedNet = (expectation: Expectation): bigint => netOf(expectation);
