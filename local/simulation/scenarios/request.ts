/** What callers ask of the center, and how its functions answer: the handlers' middle, without API Gateway around it. */
import type { Caller } from '../../../functions/kernel/caller.ts';
import { scopeOf, signatureOf } from '../../../functions/kernel/caller.ts';
import type {
  AccountId,
  BindingId,
  HoldId,
  InstitutionId,
  PaymentId,
  PostingId,
} from '../../../functions/kernel/ids.ts';
import { type Money, money } from '../../../functions/kernel/money.ts';
import { isRefusal, type Refusal } from '../../../functions/kernel/refusal.ts';
import type { AccountStatus } from '../../../functions/ledger/account.ts';
import { accountAnswer } from '../../../functions/ledger/account-answer.ts';
import { requestChange } from '../../../functions/ledger/account-changes.ts';
import { captureHold } from '../../../functions/ledger/holds/capture-hold.ts';
import { changedFreezeAnswer } from '../../../functions/ledger/holds/hold-schemas.ts';
import { placeHold } from '../../../functions/ledger/holds/place-hold.ts';
import { releaseHold } from '../../../functions/ledger/holds/release-hold.ts';
import { showAccount } from '../../../functions/ledger/read-account.ts';
import { reverseTransfer } from '../../../functions/ledger/transfers/reverse-transfer.ts';
import { transferAll, transferEach } from '../../../functions/ledger/transfers/transfer-batch.ts';
import { transferMoney } from '../../../functions/ledger/transfers/transfer-money.ts';
import { batchAnswer, madeTransferAnswer } from '../../../functions/ledger/transfers/transfer-schemas.ts';
import { confirmTopUp } from '../../../functions/payments/confirm-top-up.ts';
import {
  createTopUp,
  createWithdrawal,
  type PaymentCommand,
  type TopUpMethod,
} from '../../../functions/payments/create-payment.ts';
import { createRefund } from '../../../functions/payments/create-refund.ts';
import type { Payment } from '../../../functions/payments/payment.ts';
import { once } from '../../../functions/runtime/idempotency.ts';
import type { RememberedAnswer } from '../../../functions/runtime/idempotency-store.ts';
import { refusalStatus } from '../../../functions/runtime/refusal-status.ts';
import type { Wiring } from './function-fleet.ts';

/** Amounts are minor units of CNY; a body goes through JSON, so they are numbers here. */
export interface Order {
  readonly fromAccountId: AccountId;
  readonly toAccountId: AccountId;
  readonly amount: number;
  readonly reference: string;
}

export type Asked =
  | {
      readonly kind: 'top_up';
      readonly product: 'withholding' | 'quick_payment' | 'personal_ebanking';
      readonly accountId: AccountId;
      readonly bindingId: BindingId;
      readonly amount: number;
      readonly reference: string;
    }
  | {
      readonly kind: 'withdrawal';
      readonly accountId: AccountId;
      readonly bindingId: BindingId;
      readonly amount: number;
      readonly reference: string;
    }
  | { readonly kind: 'confirm_top_up'; readonly paymentId: PaymentId; readonly code: string }
  | {
      readonly kind: 'refund';
      readonly paymentId: PaymentId;
      readonly amount?: number;
      readonly reference: string;
    }
  | {
      readonly kind: 'place_hold';
      readonly accountId: AccountId;
      readonly amount: number;
      readonly reference: string;
      readonly expiresAt?: string;
    }
  | {
      readonly kind: 'capture_hold';
      readonly holdId: HoldId;
      readonly toAccountId: AccountId;
      readonly amount?: number;
    }
  | { readonly kind: 'release_hold'; readonly holdId: HoldId; readonly amount?: number }
  | { readonly kind: 'transfer'; readonly order: Order }
  | {
      readonly kind: 'transfer_batch';
      readonly mode: 'all_or_nothing' | 'item_by_item';
      readonly orders: readonly Order[];
    }
  | { readonly kind: 'reverse_transfer'; readonly transferId: PostingId; readonly amount?: number }
  | {
      readonly kind: 'change_account';
      readonly accountId: AccountId;
      readonly wanted: { readonly status: AccountStatus } | { readonly slots: number } | { readonly overdraft: number };
    };

export interface Request {
  readonly caller: Caller;
  /** that of the institution whose accounts are meant */
  readonly institutionId: InstitutionId;
  /** the `Idempotency-Key` */
  readonly key: string;
  readonly asked: Asked;
}

/** What of a request a function has done with, as its caller and we hear of it. */
export interface Served {
  /** `running` and `mismatch` are answers about the key; nothing is kept of them */
  readonly outcome: 'first' | 'replay' | 'running' | 'mismatch';
  readonly answer?: RememberedAnswer;
}

/**
 * Once per key.
 *
 * @param heard is told the operation id of every run of the request
 */
export async function serve(
  wiring: Wiring,
  { caller, institutionId, key, asked }: Request,
  heard: (operationId: string) => void,
): Promise<Served> {
  const scope = { caller: caller.kind === 'institution' ? institutionId : caller.clientId, action: asked.kind, key };
  return once(wiring.idempotency, {
    scope,
    input: asked,
    act: async (operationId) => {
      heard(operationId);
      const answer = await perform(wiring, { caller, institutionId, asked, operationId });
      return isRefusal(answer)
        ? { status: refusalStatus(answer.refused), body: JSON.stringify({ code: answer.refused }) }
        : { status: answer.status, body: JSON.stringify(answer.body) };
    },
  });
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

type Performing = Omit<Request, 'key'> & { readonly operationId: string };

async function perform(wiring: Wiring, performing: Performing): Promise<Answer | Refusal> {
  const { payments } = wiring;
  const { ledger } = payments;
  const { caller, institutionId, asked, operationId } = performing;
  const party = { institutionId, by: signatureOf(caller) };
  switch (asked.kind) {
    case 'top_up':
      return paymentAnswer(await createTopUp(payments, topUpOf(asked, { institutionId, operationId })));
    case 'withdrawal': {
      const { accountId, bindingId, reference } = asked;
      const command = { institutionId, operationId, accountId, bindingId, reference, amount: cny(asked.amount) };
      return paymentAnswer(await createWithdrawal(payments, command));
    }
    case 'confirm_top_up': {
      const { paymentId: id, code } = asked;
      return paymentAnswer(await confirmTopUp(payments, { institutionId, id, code }));
    }
    case 'refund': {
      const { paymentId, reference } = asked;
      const command = { institutionId, operationId, paymentId, reference, amount: maybe(asked.amount) };
      return paymentAnswer(await createRefund(payments, command));
    }
    case 'place_hold': {
      const { accountId, reference } = asked;
      const expiresAt = asked.expiresAt === undefined ? undefined : new Date(asked.expiresAt);
      const placed = await placeHold(ledger, { caller, accountId, reference, amount: cny(asked.amount), expiresAt });
      return isRefusal(placed) ? placed : { status: 201, body: await changedFreezeAnswer(ledger, placed) };
    }
    case 'capture_hold': {
      const { holdId, toAccountId, amount } = asked;
      const captured = await captureHold(ledger, { caller, holdId, toAccountId, amount: maybe(amount), operationId });
      return isRefusal(captured) ? captured : { status: 200, body: await changedFreezeAnswer(ledger, captured) };
    }
    case 'release_hold': {
      const { holdId, amount } = asked;
      const released = await releaseHold(ledger, { caller, holdId, amount: maybe(amount), operationId });
      return isRefusal(released) ? released : { status: 200, body: await changedFreezeAnswer(ledger, released) };
    }
    case 'transfer': {
      const made = await transferMoney(ledger, party, orderOf(asked.order));
      return isRefusal(made) ? made : { status: 201, body: madeTransferAnswer(made) };
    }
    case 'transfer_batch': {
      const orders = asked.orders.map(orderOf);
      const outcomes = await (asked.mode === 'all_or_nothing' ? transferAll : transferEach)(ledger, party, orders);
      if (isRefusal(outcomes)) return outcomes;
      return { status: 201, body: batchAnswer(asked.mode, orders, outcomes) };
    }
    case 'reverse_transfer': {
      const { transferId, amount } = asked;
      const reversal = { ...party, transferId, amount: maybe(amount), reason: 'as asked', operationId };
      const made = await reverseTransfer(ledger, reversal);
      return isRefusal(made) ? made : { status: 201, body: madeTransferAnswer(made) };
    }
    case 'change_account': {
      const { accountId } = asked;
      const wanted =
        'overdraft' in asked.wanted
          ? { overdraft: { limit: BigInt(asked.wanted.overdraft), currency: 'CNY' as const } }
          : asked.wanted;
      const changed = await requestChange(ledger, { caller, accountId, wanted, reason: 'as asked', operationId });
      if (isRefusal(changed)) return changed;
      const account = await showAccount(ledger, scopeOf(caller), accountId);
      return isRefusal(account) ? account : { status: 200, body: accountAnswer(account) };
    }
  }
}

function topUpOf(
  { product, accountId, bindingId, reference, amount }: Extract<Asked, { kind: 'top_up' }>,
  made: { readonly institutionId: InstitutionId; readonly operationId: string },
): PaymentCommand & TopUpMethod {
  const command = { ...made, accountId, reference, amount: cny(amount) };
  return product === 'personal_ebanking'
    ? { ...command, product, bank: 'ICBC', returnUrl: 'https://tea.example/paid', expiresInSeconds: 120 }
    : { ...command, product, bindingId };
}

/** As the handlers answer, without the parts that change with every look. */
function paymentAnswer(payment: Payment | Refusal): Answer | Refusal {
  if (isRefusal(payment)) return payment;
  const status = payment.status === 'processing' || payment.status === 'created' ? 202 : 201;
  return { status, body: { id: payment.id, kind: payment.kind, status: payment.status } };
}

const cny = (amount: number): Money => money(BigInt(amount), 'CNY');
const maybe = (amount: number | undefined): Money | undefined => (amount === undefined ? undefined : cny(amount));
const orderOf = ({ amount, ...order }: Order) => ({ ...order, amount: cny(amount) });
