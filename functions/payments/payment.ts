/** A payment: money in (top-up) or out (withdrawal) through a channel. Changes are functions from one value to the next. */
import type { AccountingDate } from '../kernel/clock.ts';
import { type AccountId, type BindingId, bareId, type InstitutionId, idFrom, type PaymentId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import type { BookedPosting } from '../ledger/index.ts';
import { type PaymentEvent, type PaymentStatus, statusAfter } from './payment-states.ts';

export type PaymentKind = 'top_up' | 'withdrawal';

/** What a channel sells for each kind of payment so far. */
export type PaymentProduct = 'withholding' | 'payout';

export interface Payment {
  readonly id: PaymentId;
  readonly kind: PaymentKind;
  readonly product: PaymentProduct;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly bindingId: BindingId;
  /** the caller's own number, unique within its institution */
  readonly reference: string;
  /** the request that made it; only that request may carry it on */
  readonly operationId: string;
  readonly amount: Money;
  /** what we expect the channel to charge, borne by the institution */
  readonly fee: Money;
  readonly status: PaymentStatus;
  readonly failure?: PaymentFailure;
  /** 1 for the first channel asked, one more with each reroute */
  readonly attempt: number;
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: AccountId;
  /** our number of this attempt at the channel */
  readonly channelOrderNo: string;
  readonly channelTradeNo?: string;
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

export interface PaymentFailure {
  readonly code: FailureCode;
  readonly reason: string;
}

/** `refused`: the channel said no. `not_executed`: the channel never had the order, and it was closed there. */
export type FailureCode = 'refused' | 'not_executed';

/** Who learnt of a change: the caller's request, the follow-up check, or the channel's statement. */
export type ChangeSource = 'request' | 'follow_up' | 'statement';

export interface PaymentChange {
  readonly event: PaymentEvent;
  readonly at: Date;
  readonly source: ChangeSource;
  /** the attempt that a reroute left behind, and what its channel said */
  readonly abandoned?: Abandoned;
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
}

export type NewPayment = Pick<
  Payment,
  | 'kind'
  | 'product'
  | 'institutionId'
  | 'accountId'
  | 'bindingId'
  | 'reference'
  | 'operationId'
  | 'amount'
  | 'createdAt'
  | 'accountingDate'
  | 'statementDay'
>;

interface Change {
  readonly at: Date;
  readonly source: ChangeSource;
}

/** The id follows from the reference, so that a repeated request finds what the first one made. */
export const paymentIdOf = (institutionId: InstitutionId, reference: string): PaymentId =>
  idFrom('pay', institutionId, reference);

/** 27 letters and digits: within the 32 that channels allow. One digit of attempts. */
export const channelOrderNoOf = (id: PaymentId, attempt: number): string => `${bareId(id)}${attempt}`;

/** The payment whose attempt a channel order number names; any other text gives an id that no payment has. */
export const paymentIdOfOrder = (channelOrderNo: string): PaymentId =>
  `pay_${channelOrderNo.slice(0, -1)}` as PaymentId; // the inverse of channelOrderNoOf

/** As it is first stored: already `processing`, since the channel is called right after. */
export function startPayment(facts: NewPayment, destination: Destination): Payment {
  const id = paymentIdOf(facts.institutionId, facts.reference);
  return {
    ...facts,
    ...onlyDestination(destination),
    id,
    attempt: 1,
    channelOrderNo: channelOrderNoOf(id, 1),
    status: statusAfter('created', 'submit'),
    version: 1,
    history: [],
  };
}

export function reroutePayment(
  payment: Payment,
  destination: Destination,
  { reason, ...change }: Change & { readonly reason: string },
): Payment {
  const { channel, merchantNo, channelOrderNo } = payment;
  const attempt = payment.attempt + 1;
  return {
    ...changed(payment, 'reroute', { ...change, abandoned: { channel, merchantNo, channelOrderNo, reason } }),
    ...onlyDestination(destination),
    attempt,
    channelOrderNo: channelOrderNoOf(payment.id, attempt),
  };
}

/** A route knows more than a payment keeps. */
const onlyDestination = ({ channel, merchantNo, settlementAccountId, fee }: Destination): Destination => ({
  channel,
  merchantNo,
  settlementAccountId,
  fee,
});

export function succeedPayment(
  payment: Payment,
  result: { readonly channelTradeNo: string; readonly completedAt: Date },
  change: Change & { readonly statementDay: AccountingDate },
): Payment {
  return {
    ...changed(payment, 'succeed', change),
    channelTradeNo: result.channelTradeNo,
    completedAt: result.completedAt,
    statementDay: change.statementDay,
  };
}

/** With what the ledger tells of the posting that booked its last change. */
export function bookedPayment(payment: Payment, { accountingDate, entries }: BookedPosting): Payment {
  const entry = entries.find(({ accountId }) => accountId === payment.accountId);
  // one slot of several knows only its own share
  const balances = entry?.terms.slots === 1 ? entry.after : undefined;
  return {
    ...payment,
    accountingDate,
    ...(balances && { balancesAfter: { available: balances.available, frozen: balances.frozen } }),
  };
}

export function failPayment(
  payment: Payment,
  failure: PaymentFailure & { readonly channelTradeNo?: string | undefined },
  change: Change,
): Payment {
  const { channelTradeNo, code, reason } = failure;
  return {
    ...changed(payment, 'fail', change),
    failure: { code, reason },
    completedAt: change.at,
    ...(channelTradeNo !== undefined && { channelTradeNo }),
  };
}

function changed(
  payment: Payment,
  event: PaymentEvent,
  { at, source, abandoned }: Omit<PaymentChange, 'event'>,
): Payment {
  return {
    ...payment,
    status: statusAfter(payment.status, event),
    version: payment.version + 1,
    history: [...payment.history, { event, at, source, ...(abandoned && { abandoned }) }],
  };
}
