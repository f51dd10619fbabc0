/** A payment: money in (top-up), out (withdrawal) or back (refund, return) through a channel. */
import type { PayerAction, Product, Reservation } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { type AccountId, type BindingId, bareId, type InstitutionId, idFrom, type PaymentId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { PaymentEvent, PaymentStatus } from './payment-states.ts';

/** 充值, 提现, 退款, 退票 */
export const paymentKinds = ['top_up', 'withdrawal', 'refund', 'return'] as const;

export type PaymentKind = (typeof paymentKinds)[number];

export interface Payment {
  readonly id: PaymentId;
  readonly kind: PaymentKind;
  /** of a refund or return, that of the payment which it takes back */
  readonly product: Product;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  /** the card or corporate account on the other side; absent where the payer chooses it at the channel */
  readonly bindingId?: BindingId;
  /** code of the bank on the other side, where it is known */
  readonly bank?: string;
  /** of a refund or return: the payment that it takes back */
  readonly originalId?: PaymentId;
  /** the batch that it was sent in */
  readonly batchNo?: string;
  /** the caller's own number, unique within its institution; a return has that of its payout */
  readonly reference: string;
  /** the request that made it; only that request may carry it on */
  readonly operationId: string;
  readonly amount: Money;
  /** what we expect the channel to charge, borne by the institution; negative where a refund gives it back */
  readonly fee: Money;
  /** what we charge for it, over and above the amount, once it succeeds; one for each who pays */
  readonly charges?: readonly Charge[];
  readonly status: PaymentStatus;
  readonly failure?: PaymentFailure;
  /** 1 for the first channel asked, one more with each reroute */
  readonly attempt: number;
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: AccountId;
  /** our number of this attempt at the channel; a return has that of its payout */
  readonly channelOrderNo: string;
  readonly channelTradeNo?: string;
  /** what is held under limits and of reserves until it fails */
  readonly reservations?: readonly Reservation[];
  /** what the payer has to do, while it is `created` */
  readonly action?: PayerAction;
  /** where the payer's browser goes when done at the channel */
  readonly returnUrl?: string;
  /** after which no payer is waited for */
  readonly expiresAt?: Date;
  /** minor units that refunds have paid back, and are about to */
  readonly refunded?: bigint;
  readonly refunding?: bigint;
  /** 会计日 of the posting that booked it last; the open day at its creation while nothing is booked */
  readonly accountingDate: AccountingDate;
  /** what the account held after the posting that booked it last, in minor units; absent while nothing is booked */
  readonly balancesAfter?: { readonly available: bigint; readonly frozen: bigint };
  /** the day of whose statement it belongs: of its completion at the channel, of its creation before */
  readonly statementDay: AccountingDate;
  readonly createdAt: Date;
  /** when the channel completed or refused it */
  readonly completedAt?: Date;
  /** counts the changes, so that each is conditional on the one before */
  readonly version: number;
  /** what happened since it was made, oldest first; only ever added to */
  readonly history: readonly PaymentChange[];
}

/** A fee that we charge. A member's is frozen with the amount of a withdrawal, and taken from what a top-up brings. */
export interface Charge {
  /** minor units of the payment's currency, more than 0 */
  readonly amount: bigint;
  readonly payer: 'member' | 'institution';
}

export interface PaymentFailure {
  readonly code: FailureCode;
  readonly reason: string;
}

export const failureCodes = ['refused', 'not_executed', 'expired'] as const;

/**
 * `refused`: the channel said no. `not_executed`: the channel never had the order, and it was closed there. `expired`:
 * the payer never came, and the order was closed.
 */
export type FailureCode = (typeof failureCodes)[number];

export const changeSources = ['request', 'follow_up', 'callback', 'statement'] as const;

/** Who learnt of a change: the caller's request, the follow-up check, the channel's call, or its statement. */
export type ChangeSource = (typeof changeSources)[number];

export interface PaymentChange {
  readonly event: PaymentEvent;
  readonly at: Date;
  readonly source: ChangeSource;
  /** the call of the channel that led to it */
  readonly call?: ChannelCall;
  /** the attempt that a reroute left behind, and what its channel said */
  readonly abandoned?: Abandoned;
  /** of what a refund did: the refund */
  readonly refundId?: PaymentId;
  /** what a contradiction claims */
  readonly claim?: 'succeeded' | 'failed';
  /** and of which order: that of any attempt */
  readonly channelOrderNo?: string;
}

export const channelOperations = ['collect', 'confirm', 'payout', 'payout_batch', 'refund', 'query', 'cancel'] as const;

/** One question to a channel and its answer. */
export interface ChannelCall {
  readonly operation: (typeof channelOperations)[number];
  /** `refused` is about the order or card, `refused_here` about the channel, `unknown` is silence */
  readonly outcome: 'succeeded' | 'refused' | 'refused_here' | 'awaiting_payer' | 'accepted' | 'not_found' | 'unknown';
  /** the channel's reason, or the cause of its silence */
  readonly code?: string;
  readonly durationMs: number;
}

export interface Abandoned {
  readonly channel: string;
  readonly merchantNo: string;
  readonly channelOrderNo: string;
  readonly reason: string;
}

/** Where an attempt goes. */
export interface Destination {
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: AccountId;
  readonly fee: Money;
  readonly reservations?: readonly Reservation[];
}

/** The id follows from the reference, so that a repeated request finds what the first one made. */
export const paymentIdOf = (institutionId: InstitutionId, reference: string): PaymentId =>
  idFrom('pay', institutionId, reference);

/** A payout comes back once. */
export const returnIdOf = (payoutId: PaymentId): PaymentId => idFrom('pay', payoutId, 'return');

/** 27 letters and digits: within the 32 that channels allow. One digit of attempts. */
export const channelOrderNoOf = (id: PaymentId, attempt: number): string => `${bareId(id)}${attempt}`;

/** The payment whose attempt a channel order number names; any other text gives an id that no payment has. */
export const paymentIdOfOrder = (channelOrderNo: string): PaymentId =>
  `pay_${channelOrderNo.slice(0, -1)}` as PaymentId; // the inverse of channelOrderNoOf

/** Whether a payment puts its amount aside before its channel is asked. */
export const freezesFirst = ({ kind }: Pick<Payment, 'kind'>): boolean => kind === 'withdrawal' || kind === 'refund';
