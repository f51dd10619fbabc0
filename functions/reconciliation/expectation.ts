/** 挂账: a payment of ours as what we expect the channel to report. */
import type { PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Payment } from '../payments/index.ts';
import { netOf } from './statement-line.ts';

export interface Expectation {
  readonly paymentId: PaymentId;
  readonly kind: 'collection' | 'payout';
  readonly channelOrderNo: string;
  /** empty while we don't know it */
  readonly channelTradeNo: string;
  readonly amount: bigint;
  /** what we booked as the channel's charge */
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: 'succeeded' | 'processing' | 'failed';
}

const statuses = {
  created: 'processing',
  processing: 'processing',
  succeeded: 'succeeded',
  failed: 'failed',
  // they did succeed on their day; what came back has lines of its own
  returned: 'succeeded',
  refunded: 'succeeded',
} as const satisfies Record<Payment['status'], Expectation['status']>;

export const expectationOf = (payment: Payment): Expectation => ({
  paymentId: payment.id,
  kind: payment.kind === 'top_up' ? 'collection' : 'payout',
  channelOrderNo: payment.channelOrderNo,
  channelTradeNo: payment.channelTradeNo ?? '',
  amount: payment.amount.amount,
  fee: payment.fee.amount,
  currency: payment.amount.currency,
  status: statuses[payment.status],
});

/** What we booked for it on the settlement account, minor units: a debit is positive. */
export const bookedNet = (expectation: Expectation): bigint => netOf(expectation);
