/** Refunds (退款) of a top-up, whole or in part: the money goes back to where it came from. */
import { channelCost, findChannel, type Route } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import type { InstitutionId, PaymentId } from '../kernel/ids.ts';
import { type Money, money } from '../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { queryOrder, submitOrder } from './ask-channel.ts';
import { withBalances } from './create-payment.ts';
import { type Payment, paymentIdOf } from './payment.ts';
import { beginRefund, refundable, startPayment } from './payment-changes.ts';
import { allows, isOpen } from './payment-states.ts';
import { readPayment, replacePaymentWrite } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { freezePosting } from './postings.ts';
import { queueCheck } from './queue-check.ts';
import { type FreezeRefusal, storeFrozen } from './store-frozen.ts';
import { concludeAttempt } from './submit-attempt.ts';

export interface RefundCommand {
  readonly institutionId: InstitutionId;
  readonly operationId: string;
  /** the top-up */
  readonly paymentId: PaymentId;
  /** absent: all that is left */
  readonly amount?: Money | undefined;
  readonly reference: string;
}

export type RefundRefusal =
  | FreezeRefusal
  | 'not_found'
  | 'not_refundable'
  | 'exceeds_refundable'
  | 'too_many_refunds'
  | 'reference_taken'
  | 'channel_unavailable';

type Answer = Promise<Payment | Refusal<RefundRefusal>>;

/**
 * The amount is frozen on the account and kept on the top-up in the transaction that stores the refund, so that refunds
 * never pass what was taken, and then the channel is asked, the same one: no other has the money.
 */
export async function createRefund(payments: Payments, command: RefundCommand): Answer {
  const refund = await makeRefund(payments, command);
  return isRefusal(refund) ? refund : withBalances(payments, refund);
}

async function makeRefund(payments: Payments, command: RefundCommand): Answer {
  for (;;) {
    const existing = await readPayment(payments.table, paymentIdOf(command.institutionId, command.reference));
    if (existing) return resumeRefund(payments, existing, command);
    const original = await readPayment(payments.table, command.paymentId);
    const admitted = admitRefund(original, command);
    if (isRefusal(admitted)) return admitted;
    const started = await startRefund(payments, admitted, command);
    if (isRefusal(started)) return started;
    const { refund } = started;
    await queueCheck(payments, refund);
    const keep = beginRefund(admitted.original, {
      at: refund.createdAt,
      source: 'request',
      refundId: refund.id,
      amount: refund.amount.amount,
    });
    const stored = await storeFrozen(payments, refund, freezePosting(refund), [
      replacePaymentWrite(payments.table, admitted.original, keep),
    ]);
    if (isRefusal(stored)) return stored;
    // another refund of the top-up was faster, or one of this very reference: look again
    if (stored !== 'taken' && stored !== 'no_room') return submitRefund(payments, stored, keep);
  }
}

/** A top-up keeps the history of its refunds, and an item has an end. */
const maximumRefunds = 100;

interface Admitted {
  readonly original: Payment;
  readonly refunded: Money;
}

function admitRefund(
  original: Payment | undefined,
  { institutionId, amount }: RefundCommand,
): Admitted | Refusal<RefundRefusal> {
  if (original?.institutionId !== institutionId) return refuse('not_found', 'There is no such transaction.');
  if (original.kind !== 'top_up' || !allows(original.status, 'begin_refund')) {
    return refuse(
      'not_refundable',
      `Only a top-up that succeeded is refunded; this ${original.kind} is ${original.status}.`,
    );
  }
  if (original.history.filter(({ event }) => event === 'begin_refund').length >= maximumRefunds) {
    return refuse('too_many_refunds', `A top-up is refunded ${maximumRefunds} times at most.`);
  }
  const left = refundable(original);
  const { currency } = original.amount;
  if (amount && amount.currency !== currency) return refuse('currency_mismatch', `The top-up was in ${currency}.`);
  const refunded = amount ?? money(left, currency);
  if (refunded.amount > left || left === 0n) {
    return refuse('exceeds_refundable', `${left} minor units of the top-up can still be refunded.`);
  }
  return { original, refunded };
}

async function startRefund(
  payments: Payments,
  { original, refunded }: Admitted,
  { reference, operationId }: RefundCommand,
): Promise<{ readonly refund: Payment } | Refusal<RefundRefusal>> {
  const channel = await findChannel(payments.channels, original.channel);
  if (!channel) return refuse('channel_unavailable', `There is no channel ${original.channel} any more.`);
  const createdAt = payments.clock();
  const { product, institutionId, accountId, bindingId, bank, merchantNo, settlementAccountId } = original;
  const day = accountingDateAt(createdAt, channel.timeZone);
  const terms = channel.products[product];
  const givenBack = terms?.feeBackOnRefund ? channelCost(channel, { product, amount: refunded.amount, day }) : 0n;
  const refund = startPayment(
    {
      ...{ kind: 'refund', product, institutionId, accountId, originalId: original.id, reference, operationId },
      ...(bindingId && { bindingId }),
      ...(bank && { bank }),
      amount: refunded,
      createdAt,
      accountingDate: await payments.ledger.businessDate(),
      statementDay: accountingDateAt(createdAt, payments.timeZone),
    },
    { channel: channel.id, merchantNo, settlementAccountId, fee: money(-givenBack, refunded.currency) },
  );
  return { refund };
}

const noOtherChannel: readonly Route[] = [];

async function submitRefund(payments: Payments, refund: Payment, original: Payment): Promise<Payment> {
  return concludeAttempt(payments, refund, await submitOrder(payments, refund, { original }), noOtherChannel);
}

/** As a repeated top-up or withdrawal: the channel is asked what it knows, and gets the refund only when it never had it. */
async function resumeRefund(payments: Payments, refund: Payment, command: RefundCommand): Answer {
  if (refund.operationId !== command.operationId) {
    return refuse('reference_taken', `The reference belongs to the transaction ${refund.id}.`);
  }
  if (!isOpen(refund.status)) return refund;
  const { result, call } = await queryOrder(payments, refund);
  if (result.outcome === 'unknown' || result.outcome === 'awaiting_payer') return refund;
  if (result.outcome !== 'not_found') return concludeAttempt(payments, refund, { result, call }, noOtherChannel);
  const original = refund.originalId && (await readPayment(payments.table, refund.originalId));
  return original ? submitRefund(payments, refund, original) : refund;
}
