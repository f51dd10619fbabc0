/** How a payment changes: functions from one value to the next, each with its entry in the history. */
import type { PayerAction } from '../channels/index.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import { money } from '../kernel/money.ts';
import type { BookedPosting } from '../ledger/index.ts';
import {
  type ChangeSource,
  type ChannelCall,
  channelOrderNoOf,
  type Destination,
  type Payment,
  type PaymentChange,
  type PaymentFailure,
  paymentIdOf,
  returnIdOf,
} from './payment.ts';
import { type PaymentEvent, statusAfter } from './payment-states.ts';

export type NewPayment = Pick<
  Payment,
  | 'kind'
  | 'product'
  | 'institutionId'
  | 'accountId'
  | 'bindingId'
  | 'bank'
  | 'originalId'
  | 'batchNo'
  | 'reference'
  | 'operationId'
  | 'amount'
  | 'charges'
  | 'returnUrl'
  | 'expiresAt'
  | 'createdAt'
  | 'accountingDate'
  | 'statementDay'
>;

interface Change {
  readonly at: Date;
  readonly source: ChangeSource;
  readonly call?: ChannelCall | undefined;
}

/** As it is first stored: `processing`, since the channel is called right after; `created` where a payer has to come first. */
export function startPayment(facts: NewPayment, destination: Destination): Payment {
  const id = paymentIdOf(facts.institutionId, facts.reference);
  return {
    ...facts,
    ...onlyDestination(destination),
    id,
    attempt: 1,
    channelOrderNo: channelOrderNoOf(id, 1),
    status: firstStatusOf(facts),
    version: 1,
    history: [],
  };
}

/** As which a payment is first stored. */
export const firstStatusOf = ({ kind, product }: Pick<Payment, 'kind' | 'product'>): 'created' | 'processing' =>
  kind === 'top_up' && product !== 'withholding' ? 'created' : 'processing';

export function reroutePayment(
  payment: Payment,
  destination: Destination,
  { reason, ...change }: Change & { readonly reason: string },
): Payment {
  const { channel, merchantNo, channelOrderNo } = payment;
  const { reservations: _left, ...changed } = next(payment, 'reroute', {
    ...change,
    abandoned: { channel, merchantNo, channelOrderNo, reason },
  });
  const attempt = payment.attempt + 1;
  return {
    ...changed,
    ...onlyDestination(destination),
    attempt,
    channelOrderNo: channelOrderNoOf(payment.id, attempt),
  };
}

/** A route knows more than a payment keeps. */
const onlyDestination = ({
  channel,
  merchantNo,
  settlementAccountId,
  fee,
  reservations = [],
}: Destination): Destination => ({
  channel,
  merchantNo,
  settlementAccountId,
  fee,
  ...(reservations.length > 0 && { reservations }),
});

/** A channel was asked and nothing is decided; perhaps it told what the payer has to do. */
export const awaitPayment = (payment: Payment, change: Change & { readonly action?: PayerAction }): Payment => ({
  ...next(payment, 'wait', change),
  ...(change.action && { action: change.action }),
});

/** A code is counted before it is handed over, so that nobody tries more of them by trying many at once. */
export const tryCode = (payment: Payment, change: Change): Payment => next(payment, 'try_code', change);

/** The payer has done what was asked, and the channel has not said what came of it. */
export const submitPayment = (payment: Payment, change: Change): Payment => next(payment, 'submit', change);

export function succeedPayment(
  payment: Payment,
  result: { readonly channelTradeNo: string; readonly completedAt: Date },
  change: Change & { readonly statementDay: AccountingDate },
): Payment {
  return {
    ...next(payment, 'succeed', change),
    channelTradeNo: result.channelTradeNo,
    completedAt: result.completedAt,
    statementDay: change.statementDay,
  };
}

export function failPayment(
  payment: Payment,
  failure: PaymentFailure & { readonly channelTradeNo?: string | undefined },
  change: Change,
): Payment {
  const { channelTradeNo, code, reason } = failure;
  const { reservations: _released, ...failed } = next(payment, 'fail', change);
  return {
    ...failed,
    failure: { code, reason },
    completedAt: change.at,
    ...(channelTradeNo !== undefined && { channelTradeNo }),
  };
}

/** It had failed here, and its channel has carried it out all the same. What it held under limits is given back already. */
export function repairPayment(
  payment: Payment,
  result: { readonly channelTradeNo: string; readonly completedAt: Date },
  change: Change & { readonly statementDay: AccountingDate },
): Payment {
  const { failure: _mended, ...repaired } = next(payment, 'repair', change);
  return { ...repaired, ...result, statementDay: change.statementDay };
}

/** It had succeeded here, and its channel never carried it out. */
export function revokePayment(payment: Payment, { reason }: { readonly reason: string }, change: Change): Payment {
  const { reservations: _released, ...revoked } = next(payment, 'revoke', change);
  return { ...revoked, failure: { code: 'refused', reason }, completedAt: change.at };
}

/** With what the ledger tells of the posting that booked its last change. */
export function bookedPayment(payment: Payment, { accountingDate, entries }: BookedPosting): Payment {
  const entry = entries.findLast(({ accountId }) => accountId === payment.accountId);
  // one slot of several knows only its own share
  const balances = entry?.terms.slots === 1 ? entry.after : undefined;
  return {
    ...payment,
    accountingDate,
    ...(balances && { balancesAfter: { available: balances.available, frozen: balances.frozen } }),
  };
}

/** A payout that came back (退票): the object that says so, which has succeeded from its start. */
export function returnOfPayout(
  payout: Payment,
  { channelTradeNo, returnedAt, ...change }: ReturnFacts & { readonly statementDay: AccountingDate },
): Payment {
  const { history: _h, charges: _c, reservations: _r, balancesAfter: _b, batchNo: _n, ...facts } = payout;
  return {
    ...facts,
    id: returnIdOf(payout.id),
    kind: 'return',
    originalId: payout.id,
    fee: money(0n, payout.amount.currency),
    status: 'succeeded',
    channelTradeNo,
    statementDay: change.statementDay,
    createdAt: change.at,
    completedAt: returnedAt,
    version: 2,
    history: [changeOf('succeed', change)],
  };
}

export interface ReturnFacts extends Change {
  readonly channelTradeNo: string;
  readonly returnedAt: Date;
}

export const returnedPayment = (payout: Payment, change: Change): Payment => next(payout, 'return', change);

type RefundChange = Change & { readonly refundId: PaymentId; readonly amount: bigint };

/** Keeps the amount for a refund, so that refunds never pass what was taken. */
export const beginRefund = (original: Payment, { amount, ...change }: RefundChange): Payment => ({
  ...next(original, 'begin_refund', change),
  refunding: (original.refunding ?? 0n) + amount,
});

/** The refund failed. */
export const dropRefund = (original: Payment, { amount, ...change }: RefundChange): Payment => ({
  ...next(original, 'drop_refund', change),
  refunding: (original.refunding ?? 0n) - amount,
});

/** The refund succeeded; the last one leaves the payment `refunded`. */
export function completeRefund(original: Payment, { amount, ...change }: RefundChange): Payment {
  const refunded = (original.refunded ?? 0n) + amount;
  return {
    ...next(original, refunded === original.amount.amount ? 'refund' : 'refund_part', change),
    refunded,
    refunding: (original.refunding ?? 0n) - amount,
  };
}

/** The refund had failed here, and its channel has paid it back all the same. */
export function repairRefund(original: Payment, { amount, ...change }: RefundChange): Payment {
  const refunded = (original.refunded ?? 0n) + amount;
  return { ...next(original, refunded === original.amount.amount ? 'refund' : 'refund_part', change), refunded };
}

/** The refund had succeeded here, and its channel never paid it back. */
export const revokeRefund = (original: Payment, { amount, ...change }: RefundChange): Payment => ({
  ...next(original, 'revoke_refund', change),
  refunded: (original.refunded ?? 0n) - amount,
});

/** What of a top-up can still be refunded, in minor units. */
export const refundable = ({ amount, refunded = 0n, refunding = 0n }: Payment): bigint =>
  amount.amount - refunded - refunding;

/** Notes that a channel now claims the opposite of what it had said of an order; the payment's state stays. */
export const contradictPayment = (
  payment: Payment,
  change: Change & { readonly claim: 'succeeded' | 'failed'; readonly channelOrderNo: string },
): Payment => next(payment, 'contradict', change);

function next(payment: Payment, event: PaymentEvent, change: Omit<PaymentChange, 'event' | 'call'> & Change): Payment {
  // what the payer was asked to do is over with the next step, unless a step just waits
  const { action, ...rest } = payment;
  return {
    ...rest,
    ...((event === 'wait' || event === 'try_code') && action && { action }),
    status: statusAfter(payment.status, event),
    version: payment.version + 1,
    history: [...payment.history, changeOf(event, change)],
  };
}

const changeOf = (
  event: PaymentEvent,
  { at, source, call, abandoned, refundId, claim, channelOrderNo }: Omit<PaymentChange, 'event' | 'call'> & Change,
): PaymentChange => ({
  event,
  at,
  source,
  ...(call && { call }),
  ...(abandoned && { abandoned }),
  ...(refundId && { refundId }),
  ...(claim && { claim }),
  ...(channelOrderNo && { channelOrderNo }),
});
