/**
 * Top-ups and withdrawals. The order of things is what makes a crash harmless at any line:
 *
 * 1. the follow-up message is queued, which later looks after whatever is left undone;
 * 2. the payment is stored with what it takes under limits, for a withdrawal in one transaction with the freeze of its amount;
 * 3. the channel is called;
 * 4. its answer is booked in one transaction with the change of state; silence leaves the payment as it is.
 */
import { type Product, type Route, reserveWrites } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import type { AccountId, BindingId, InstitutionId } from '../kernel/ids.ts';
import type { Money } from '../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { readAccount } from '../ledger/index.ts';
import { type Admission, type AdmissionRefusal, admitPayment } from './admit-payment.ts';
import { queryOrder } from './ask-channel.ts';
import { type Payment, type PaymentKind, paymentIdOf } from './payment.ts';
import { startPayment } from './payment-changes.ts';
import { isOpen } from './payment-states.ts';
import { insertPayment, insertPaymentWrite, readPayment } from './payment-store.ts';
import type { Payments } from './payments.ts';
import { freezePosting } from './postings.ts';
import { queueCheck } from './queue-check.ts';
import { destinationOf, routesFrom } from './routes-of-payment.ts';
import { currentPayment } from './settle-payment.ts';
import { storeFrozen } from './store-frozen.ts';
import { concludeAttempt, submitAttempt } from './submit-attempt.ts';

export interface PaymentCommand {
  readonly institutionId: InstitutionId;
  /** the same for every try of one request */
  readonly operationId: string;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly reference: string;
}

/** A card that is bound, or the bank to whose page the payer goes. */
export type TopUpMethod =
  | { readonly product: 'withholding' | 'quick_payment'; readonly bindingId: BindingId }
  | {
      readonly product: 'personal_ebanking' | 'corporate_ebanking';
      readonly bank: string;
      readonly returnUrl: string;
      readonly expiresInSeconds: number;
    };

export type PaymentRefusal = AdmissionRefusal | 'reference_taken' | 'insufficient_funds';

type Answer = Promise<Payment | Refusal<PaymentRefusal>>;

/** How long a code that a channel sent to the card holder is waited for. */
const codeLifetimeSeconds = 600;

/** Takes money in. The payment may have its end, wait for its payer (`created`), or be `processing`. */
export const createTopUp = (payments: Payments, command: PaymentCommand & TopUpMethod): Answer =>
  createPayment(payments, { ...command, kind: 'top_up' });

/** Pays money out to the holder's card or corporate account. The amount is frozen first; an account that can't cover it refuses. */
export const createWithdrawal = (
  payments: Payments,
  command: PaymentCommand & { readonly bindingId: BindingId },
): Answer => createPayment(payments, { ...command, kind: 'withdrawal', product: 'payout' });

/** What a payment is made of. */
export interface Creation extends PaymentCommand {
  readonly kind: Extract<PaymentKind, 'top_up' | 'withdrawal'>;
  readonly product: Product;
  readonly bindingId?: BindingId;
  readonly bank?: string;
  readonly returnUrl?: string;
  readonly expiresInSeconds?: number;
  /** the batch that it is sent in */
  readonly batchNo?: string;
}

async function createPayment(payments: Payments, command: Creation): Answer {
  const payment = await makePayment(payments, command);
  return isRefusal(payment) ? payment : withBalances(payments, payment);
}

/** A posting tells what it left on one slot; of an account of several they are added up for the answer. */
export async function withBalances({ ledger }: Pick<Payments, 'ledger'>, payment: Payment): Promise<Payment> {
  const booked = payment.status === 'succeeded' || payment.kind !== 'top_up';
  if (!booked || payment.balancesAfter) return payment;
  const account = await readAccount(ledger, payment.accountId);
  if (!account) throw new Error(`the account ${payment.accountId} is gone`);
  const { available, frozen } = account.balances;
  return { ...payment, balancesAfter: { available, frozen } };
}

/** Others may take the last room under a limit between routing and storing; then the next route is looked for. */
const maximumAdmissions = 8;

async function makePayment(payments: Payments, command: Creation): Answer {
  const made = await storeNewPayment(payments, command);
  if (isRefusal(made)) return made;
  return made.isNew
    ? submitAttempt(payments, made.payment, made.routes)
    : resumePayment(payments, made.payment, command);
}

/** `isNew`: stored just now, for the first of the routes. Else it, or another of its reference, stood there already. */
export type StoredPayment =
  | { readonly isNew: true; readonly payment: Payment; readonly routes: readonly Route[] }
  | { readonly isNew: false; readonly payment: Payment };

/**
 * Steps 1 and 2: the payment is looked after, and stored.
 *
 * @param firstCheck how soon the follow-up looks at it, see `follow-up-schedule.ts`
 */
export async function storeNewPayment(
  payments: Payments,
  command: Creation,
  firstCheck = 1,
): Promise<StoredPayment | Refusal<PaymentRefusal>> {
  for (let admission = 1; ; admission++) {
    const admitted = await admitPayment(payments, command);
    if (isRefusal(admitted)) return existingOr(payments, command, admitted);
    const started = await startOn(payments, command, admitted);
    await queueCheck(payments, started, firstCheck);
    const stored = await storePayment(payments, started);
    if (isRefusal(stored)) return existingOr(payments, command, stored);
    if (stored === 'taken') return { isNew: false, payment: await currentPayment(payments, started) };
    if (stored !== 'no_room') return { isNew: true, payment: stored, routes: admitted.routes };
    if (admission === maximumAdmissions) {
      return refuse('limit_exceeded', 'Others took what was left under a limit or of a reserve at this moment.');
    }
  }
}

async function startOn(payments: Payments, command: Creation, { routes, charges, bank }: Admission): Promise<Payment> {
  const createdAt = payments.clock();
  const { kind, product, institutionId, accountId, bindingId, reference, operationId, amount, returnUrl } = command;
  const { batchNo } = command;
  const expiresInSeconds = command.expiresInSeconds ?? (product === 'quick_payment' ? codeLifetimeSeconds : undefined);
  return startPayment(
    {
      ...{ kind, product, institutionId, accountId, reference, operationId, amount, createdAt },
      ...(bindingId && { bindingId }),
      ...(bank && { bank }),
      ...(charges.length > 0 && { charges }),
      ...(returnUrl && { returnUrl }),
      ...(batchNo && { batchNo }),
      ...(expiresInSeconds && { expiresAt: new Date(createdAt.getTime() + 1000 * expiresInSeconds) }),
      accountingDate: await payments.ledger.businessDate(),
      statementDay: accountingDateAt(createdAt, payments.timeZone),
    },
    destinationOf(routes[0]),
  );
}

/** What a repeat may no longer do, its first try may have done: so a refusal is given only where there was none. */
async function existingOr(
  { table }: Payments,
  { institutionId, reference }: Creation,
  refusal: Refusal<PaymentRefusal>,
): Promise<StoredPayment | Refusal<PaymentRefusal>> {
  const existing = await readPayment(table, paymentIdOf(institutionId, reference));
  return existing ? { isNew: false, payment: existing } : refusal;
}

/** `taken`: one of the same reference stands there already. `no_room`: a limit or reserve has no room any more. */
async function storePayment(
  payments: Payments,
  payment: Payment,
): Promise<Payment | 'taken' | 'no_room' | Refusal<PaymentRefusal>> {
  const { table, commit, channels } = payments;
  const reserved = reserveWrites(channels, payment.reservations ?? []);
  if (payment.kind === 'withdrawal') return storeFrozen(payments, payment, freezePosting(payment), reserved);
  if (reserved.length === 0) return (await insertPayment(table, payment)) ? payment : 'taken';
  const insertion = insertPaymentWrite(table, payment);
  const stored = await commit([insertion, ...reserved]);
  if (stored.committed) return payment;
  return stored.broken.some(({ write }) => write === insertion) ? 'taken' : 'no_room';
}

/**
 * Carries on what an earlier try of the same request left: the channel is asked what it knows, and gets the order
 * only when it never had it. Where that is no longer possible the follow-up brings the payment to its end.
 */
async function resumePayment(payments: Payments, payment: Payment, command: Creation): Answer {
  if (payment.operationId !== command.operationId) {
    return refuse('reference_taken', `The reference belongs to the transaction ${payment.id}.`);
  }
  if (!isOpen(payment.status) || payment.action) return payment;
  const { result, call } = await queryOrder(payments, payment);
  if (result.outcome === 'unknown') return payment;
  const { reservations: held } = payment;
  const admitted = result.outcome === 'succeeded' ? undefined : await admitPayment(payments, { ...command, held });
  const routes = admitted === undefined || isRefusal(admitted) ? [] : routesFrom(payment, admitted.routes);
  // the same order again tells what the payer has to do, where that was not written down
  const again = result.outcome === 'not_found' || result.outcome === 'awaiting_payer';
  return again
    ? submitAttempt(payments, payment, routes)
    : concludeAttempt(payments, payment, { result, call }, routes.slice(1));
}
