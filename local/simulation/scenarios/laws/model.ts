/**
 * The model: what callers were told, added up, is what the accounts hold. What was answered as done stands once and as it
 * was asked for; what was refused does not stand; what nobody heard of may stand, once; nothing else does.
 */
import { type AccountId, idFrom, idOfOperation, type PostingId } from '../../../../functions/kernel/ids.ts';
import { expiryOf } from '../../../../functions/ledger/holds/hold.ts';
import { settlementCompanions } from '../../../../functions/ledger/index.ts';
import { type PaymentStatus, paymentIdOf } from '../../../../functions/payments/index.ts';
import { freezesFirst } from '../../../../functions/payments/payment.ts';
import { isOpen } from '../../../../functions/payments/payment-states.ts';
import { freezePosting, frozenOf, postingIdOf } from '../../../../functions/payments/postings.ts';
import { outcomeOf } from '../record.ts';
import { type Claim, claimsOf, type Effect, effectText, sameEffect, storedEffect } from './claims.ts';
import { type Evidence, finalBalances } from './evidence.ts';

export function* modelAgrees(evidence: Evidence): Generator<string> {
  const { center, books } = evidence;
  const expected = new Map<AccountId, { available: bigint; frozen: bigint }>();
  const count = (id: AccountId, available: bigint, frozen: bigint) => {
    const sum = expected.get(id) ?? { available: 0n, frozen: 0n };
    expected.set(id, { available: sum.available + available, frozen: sum.frozen + frozen });
  };
  const countAll = (effect: Effect) => {
    for (const [id, [available, frozen]] of effect) count(id, available, frozen);
  };
  const explained = new Set<PostingId>();

  for (const { accountId, funds } of center.holders) {
    explained.add(idFrom('post', accountId, 'funds'));
    count(accountId, funds, 0n);
    const [merchant] = center.merchants;
    if (merchant) count(merchant.accountId, funds, 0n);
  }
  const claims = new Map<PostingId, Claim[]>();
  for (const operation of evidence.operations) {
    for (const claim of claimsOf(operation, books)) {
      claims.set(claim.postingId, [...(claims.get(claim.postingId) ?? []), claim]);
    }
  }
  for (const [postingId, all] of claims) {
    explained.add(postingId);
    const made = yield* checkClaims(postingId, all, evidence);
    if (made) countAll(made);
  }
  yield* checkPayments(evidence, { count, explained });
  yield* checkChanges(evidence);
  for (const { id, accountId, amount, captured } of books.holds.values()) {
    explained.add(expiryOf(id));
    const back = storedEffect(expiryOf(id), books);
    countAll(back);
    for (const [account, [available, frozen]] of back) {
      if (account !== accountId || available !== -frozen || available > amount.amount - captured) {
        yield `the hold ${id} gave back ${effectText(back)} when its time was over`;
      }
    }
  }

  for (const [postingId, entries] of books.entriesOf) {
    const [entry] = entries;
    if (explained.has(postingId) || entry?.type === 'account_opening' || entry?.type === 'account_change') continue;
    yield `nobody has asked for ${entry?.type} ${postingId}, which moved ${effectText(storedEffect(postingId, books))}`;
  }
  for (const [id, { available, frozen }] of expected) {
    const held = finalBalances(books, id);
    if (held.available === available && held.frozen === frozen) continue;
    yield `${id} holds ${held.available} and ${held.frozen} frozen; by what callers were told it is ${available} and ${frozen}`;
  }
}

/** @returns what the posting has moved, where it stands */
function* checkClaims(
  postingId: PostingId,
  claims: readonly Claim[],
  { books }: Evidence,
): Generator<string, Effect | undefined> {
  const stored = storedEffect(postingId, books);
  const numbers = claims.map(({ operation: { number, asked }, said }) => `${number} ${asked.kind} ${said}`).join(', ');
  const done = claims.filter(({ said }) => said === 'done');
  for (const { effect } of done) {
    if (!effect || !sameEffect(effect, stored)) {
      const asked = effect ? effectText(effect) : 'what was never made';
      yield `${postingId} was asked for as ${asked}, and answered as done; it has moved ${effectText(stored)} (${numbers})`;
    }
  }
  if (stored.size === 0) return undefined;
  const maker = claims.find(({ said, effect }) => said !== 'refused' && effect && sameEffect(effect, stored));
  if (!maker) yield `${postingId} has moved ${effectText(stored)}, which was refused or never asked for (${numbers})`;
  return maker?.effect;
}

function* checkPayments(
  { operations, books }: Evidence,
  {
    count,
    explained,
  }: {
    readonly count: (id: AccountId, available: bigint, frozen: bigint) => void;
    readonly explained: Set<PostingId>;
  },
): Generator<string> {
  const asked = operations.flatMap((operation) =>
    operation.asked.kind === 'top_up' || operation.asked.kind === 'withdrawal' || operation.asked.kind === 'refund'
      ? [{ operation, facts: operation.asked, outcome: outcomeOf(operation) }]
      : [],
  );
  const byId = Map.groupBy(asked, ({ operation, facts }) => paymentIdOf(operation.institutionId, facts.reference));
  for (const [id, all] of byId) {
    const payment = books.payments.get(id);
    const makers = all.filter(({ operation }) => payment && operation.operationIds.has(payment.operationId));
    const told = all.filter(({ outcome }) => outcome.outcome === 'done');
    for (const { operation, outcome } of told) {
      if (!payment) yield `payment ${id} was answered to request ${operation.number}, and is not there`;
      const { status } = outcome.outcome === 'done' ? (outcome.body as { status: string }) : { status: '' }; // as `serve` writes it
      if (payment && !mayBecome(status, payment.status)) {
        yield `payment ${id} was answered as ${status} to request ${operation.number}, and is ${payment.status}`;
      }
    }
    if (!payment) continue;
    const [maker] = makers;
    if (!maker || maker.outcome.outcome === 'refused') {
      yield `payment ${id} stands, and the requests for it were refused`;
      continue;
    }
    const { facts } = maker;
    const of = facts.kind === 'refund' ? books.payments.get(facts.paymentId) : facts;
    const asked = facts.amount === undefined ? payment.amount.amount : BigInt(facts.amount);
    if (payment.accountId !== of?.accountId || payment.amount.amount !== asked || payment.kind !== facts.kind) {
      yield `payment ${id} is not what request ${maker.operation.number} asked for`;
    }
  }
  for (const payment of books.payments.values()) {
    const { id, kind, status, accountId, settlementAccountId, originalId, charges = [] } = payment;
    // of a return its channel tells, see `channels-agree.ts`
    if (kind === 'return' ? !originalId || !byId.has(originalId) : !byId.has(id))
      yield `nobody has asked for payment ${id}`;
    for (const step of ['success', 'release', 'charge_member', 'charge_institution'] as const) {
      explained.add(postingIdOf(id, step));
    }
    if (freezesFirst(payment)) explained.add(freezePosting(payment).id);
    if (freezesFirst(payment) && status === 'processing') {
      const frozen = frozenOf(payment).amount;
      count(accountId, -frozen, frozen);
    }
    if (isOpen(status) || status === 'failed') continue;
    const amount = kind === 'top_up' || kind === 'return' ? payment.amount.amount : -payment.amount.amount;
    count(accountId, amount, 0n);
    count(settlementAccountId, amount - payment.fee.amount, 0n);
    const { feeIncome, feesReceivable } = settlementCompanions(settlementAccountId);
    for (const charge of charges) {
      count(feeIncome, charge.amount, 0n);
      if (charge.payer === 'member') count(accountId, -charge.amount, 0n);
      else count(feesReceivable, charge.amount, 0n);
    }
  }
}

/** What a caller was told of a payment, against what it is in the end. */
const mayBecome = (told: string, end: PaymentStatus): boolean =>
  told === end || told === 'created' || told === 'processing' || (told === 'succeeded' && end !== 'failed');

/** A change that was answered stands on slot 0, one that was refused does not. */
function* checkChanges({ operations, books }: Evidence): Generator<string> {
  for (const operation of operations) {
    if (operation.asked.kind !== 'change_account') continue;
    const { outcome } = outcomeOf(operation);
    const made = [...operation.operationIds].some((operationId) =>
      books.entriesOf.get(idOfOperation('post', operationId))?.some(({ slot }) => slot === 0),
    );
    if (outcome === 'done' && !made) yield `the change of request ${operation.number} was answered, and is not there`;
    if (outcome === 'refused' && made) yield `the change of request ${operation.number} was refused, and stands`;
  }
}
