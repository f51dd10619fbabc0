/**
 * Top-ups and withdrawals. The order of things is what makes a crash harmless at any line:
 *
 * 1. the follow-up message is queued, which later looks after whatever is left undone;
 * 2. the payment is stored, for a withdrawal in one transaction with the freeze of its amount;
 * 3. the channel is called;
 * 4. its answer is booked in one transaction with the change of state; silence leaves the payment `processing`.
 */
import type { ChannelResult, Product } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import type { AccountId, BindingId, InstitutionId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { postGuardedBy, readAccount } from '../ledger/index.ts';
import { type AdmissionRefusal, admitPayment } from './admit-payment.ts';
import { queryOrder, submitOrder } from './ask-channel.ts';
import { delayBefore } from './follow-up-schedule.ts';
import {
  bookedPayment,
  type Payment,
  type PaymentKind,
  type PaymentProduct,
  paymentIdOf,
  reroutePayment,
  startPayment,
} from './payment.ts';
import { insertPayment, insertPaymentWrite, readPayment, replacePayment } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { freezePosting } from './postings.ts';
import { type PaymentRoute, routesFrom } from './routing.ts';
import { currentPayment, settlePayment } from './settle-payment.ts';

export interface PaymentCommand {
  readonly institutionId: InstitutionId;
  /** the same for every try of one request */
  readonly operationId: string;
  readonly accountId: AccountId;
  readonly bindingId: BindingId;
  readonly amount: Money;
  readonly reference: string;
}

export type PaymentRefusal = AdmissionRefusal | 'product_not_available' | 'reference_taken' | 'insufficient_funds';

type Answer = Promise<Payment | Refusal<PaymentRefusal>>;

/** Takes money in from the holder's card. The payment may be `succeeded`, `failed` or still `processing`. */
export async function createTopUp(payments: Payments, command: PaymentCommand & { readonly product: Product }): Answer {
  const { product } = command;
  if (product !== 'withholding') return refuse('product_not_available', `Top-ups by ${product} are not offered yet.`);
  return createPayment(payments, { ...command, kind: 'top_up', product });
}

/** Pays money out to the holder's card. The amount is frozen first; an account that can't cover it refuses. */
export const createWithdrawal = (payments: Payments, command: PaymentCommand): Answer =>
  createPayment(payments, { ...command, kind: 'withdrawal', product: 'payout' });

type Creation = PaymentCommand & { readonly kind: PaymentKind; readonly product: PaymentProduct };

async function createPayment(payments: Payments, command: Creation): Answer {
  const payment = await makePayment(payments, command);
  return isRefusal(payment) ? payment : withBalances(payments, payment);
}

/** A posting tells what it left on one slot; of an account of several they are added up for the answer. */
async function withBalances({ ledger }: Payments, payment: Payment): Promise<Payment> {
  const booked = payment.status === 'succeeded' || payment.kind === 'withdrawal';
  if (!booked || payment.balancesAfter) return payment;
  const account = await readAccount(ledger, payment.accountId);
  if (!account) throw new Error(`the account ${payment.accountId} is gone`);
  const { available, frozen } = account.balances;
  return { ...payment, balancesAfter: { available, frozen } };
}

async function makePayment(payments: Payments, command: Creation): Answer {
  const routes = await admitPayment(payments, command);
  if (isRefusal(routes)) return resumeOr(payments, command, routes);

  const createdAt = payments.clock();
  const accountingDate = await payments.ledger.businessDate();
  const statementDay = accountingDateAt(createdAt, payments.timeZone);
  const started = startPayment({ ...factsOf(command), createdAt, accountingDate, statementDay }, routes[0]);
  await queueFirstCheck(payments, started);
  const payment = await storePayment(payments, started);
  if (isRefusal(payment)) return resumeOr(payments, command, payment);
  if (!payment) return resumePayment(payments, await currentPayment(payments, started), command);
  return submitPayment(payments, payment, routes);
}

/** What a repeat may no longer do, its first try may have done: so a refusal is given only where there was none. */
async function resumeOr(payments: Payments, command: Creation, refusal: Refusal<PaymentRefusal>): Answer {
  const existing = await readPayment(payments.table, paymentIdOf(command.institutionId, command.reference));
  return existing ? resumePayment(payments, existing, command) : refusal;
}

const factsOf = (command: Creation) => ({
  kind: command.kind,
  product: command.product,
  institutionId: command.institutionId,
  accountId: command.accountId,
  bindingId: command.bindingId,
  reference: command.reference,
  operationId: command.operationId,
  amount: command.amount,
});

const queueFirstCheck = ({ followUps, schedule }: Payments, { id, attempt }: Payment): Promise<void> =>
  followUps.send({ paymentId: id, attempt, check: 1 }, delayBefore(schedule, 1));

/** @returns the payment as stored; undefined when one of the same reference stands there already. */
async function storePayment(
  payments: Payments,
  payment: Payment,
): Promise<Payment | undefined | Refusal<PaymentRefusal>> {
  const { table, ledger } = payments;
  if (payment.kind === 'top_up') return (await insertPayment(table, payment)) ? payment : undefined;
  const outcome = await postGuardedBy(ledger, freezePosting(payment), (booked) =>
    insertPaymentWrite(table, bookedPayment(payment, booked)),
  );
  if (!isRefusal(outcome)) return outcome.outcome === 'posted' ? bookedPayment(payment, outcome.booked) : undefined;
  switch (outcome.refused) {
    case 'insufficient_funds':
      return refuse('insufficient_funds', 'The available balance does not cover the amount.');
    case 'account_not_found':
    case 'account_closed':
    case 'account_blocked':
      return refuse('account_not_active', 'The member account is closed or blocked.');
    case 'currency_mismatch':
      return refuse('currency_mismatch', 'The account is kept in another currency.');
    case 'exceeds_original':
    case 'too_many_entries':
      throw new Error(`the freeze of ${payment.id} is refused: ${outcome.detail}`);
  }
}

/** Hands the payment to the channel of the first route. */
async function submitPayment(
  payments: Payments,
  payment: Payment,
  [route, ...others]: readonly PaymentRoute[],
): Promise<Payment> {
  if (route === undefined) return payment;
  return conclude(payments, payment, await submitOrder(payments, payment, route), others);
}

/** Books a channel's answer, or goes on to the next route after a refusal that is the channel's own. */
async function conclude(
  payments: Payments,
  payment: Payment,
  result: ChannelResult,
  others: readonly PaymentRoute[],
): Promise<Payment> {
  if (result.outcome === 'unknown') return payment;
  const next = others[0];
  if (result.outcome === 'succeeded' || !result.retryElsewhere || next === undefined) {
    return settlePayment(payments, payment, result, { source: 'request' });
  }
  const change = { at: payments.clock(), source: 'request', reason: result.reason } as const;
  const rerouted = reroutePayment(payment, next, change);
  await queueFirstCheck(payments, rerouted);
  return (await replacePayment(payments.table, payment, rerouted))
    ? submitPayment(payments, rerouted, others)
    : currentPayment(payments, payment);
}

/**
 * Carries on what an earlier try of the same request left: the channel is asked what it knows, and gets the order
 * only when it never had it. Where that is no longer possible the follow-up brings the payment to its end.
 */
async function resumePayment(payments: Payments, payment: Payment, command: Creation): Answer {
  if (payment.operationId !== command.operationId) {
    return refuse('reference_taken', `The reference belongs to the transaction ${payment.id}.`);
  }
  if (payment.status !== 'processing') return payment;
  const known = await queryOrder(payments, payment);
  if (known.outcome === 'unknown') return payment;
  const admitted = known.outcome === 'succeeded' ? [] : await admitPayment(payments, command);
  const routes = isRefusal(admitted) ? [] : routesFrom(payment, admitted);
  return known.outcome === 'not_found'
    ? submitPayment(payments, payment, routes)
    : conclude(payments, payment, known, routes.slice(1));
}
