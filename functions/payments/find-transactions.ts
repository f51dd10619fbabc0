/** Looking transactions up, each caller within what it may see. */
import { type Caller, chosenInstitution, inScope, scopeOf } from '../kernel/caller.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { firstInstantAfter, firstInstantOf } from '../kernel/day-bounds.ts';
import type { HoldId, InstitutionId, PaymentId, PostingId, VerificationId } from '../kernel/ids.ts';
import { mergeNewest } from '../kernel/merge-newest.ts';
import { encodeCursor, type Page, type PageRequest } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { findHold, findTransfer, transferIdOf } from '../ledger/index.ts';
import { findVerification } from '../parties/index.ts';
import { paymentIdOf } from './payment.ts';
import { readPayment } from './payment-store.ts';
import type { Payments } from './payments.ts';
import type { Transaction, TransactionFilter } from './transactions/transaction.ts';
import {
  newestKey,
  type TransactionRange,
  type TransactionSources,
  transactionLists,
} from './transactions/transaction-lists.ts';

export type LookupRefusal = 'not_found' | 'institution_required';

export type TransactionId = PaymentId | PostingId | HoldId | VerificationId;

const notFound = refuse('not_found', 'There is no such transaction.');

/** By its id; a foreign one is not found. 1 read unit, of a transfer 2. */
export async function findTransaction(
  { table, ledger, parties }: TransactionSources,
  { caller, id }: { readonly caller: Caller; readonly id: TransactionId },
): Promise<Transaction | Refusal<LookupRefusal>> {
  const scope = scopeOf(caller);
  if (id.startsWith('pay_')) {
    const payment = await readPayment(table, id as PaymentId); // the prefix tells
    return payment && inScope(scope, payment.institutionId) ? { from: 'payments', payment } : notFound;
  }
  if (id.startsWith('ver_')) {
    const verification = await findVerification(parties, id as VerificationId); // the prefix tells
    return verification && inScope(scope, verification.institutionId)
      ? { from: 'verifications', verification }
      : notFound;
  }
  if (id.startsWith('hold_')) {
    const hold = await findHold(ledger, { caller, id: id as HoldId }); // the prefix tells
    return isRefusal(hold) ? notFound : { from: 'holds', hold };
  }
  const transfer = await findTransfer(ledger, { scope, id: id as PostingId }); // of the four kinds of id, the last
  return isRefusal(transfer) ? notFound : { from: 'transfers', transfer };
}

/** By the caller's own reference, from which the id follows: a payment's, else a transfer's. 1 to 3 read units. */
export async function findTransactionByReference(
  { table, ledger }: TransactionSources,
  lookup: { readonly caller: Caller; readonly institutionId?: InstitutionId | undefined; readonly reference: string },
): Promise<Transaction | Refusal<LookupRefusal>> {
  const institutionId = chosenInstitution(lookup.caller, lookup.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const payment = await readPayment(table, paymentIdOf(institutionId, lookup.reference));
  if (payment) return { from: 'payments', payment };
  const id = transferIdOf(institutionId, lookup.reference);
  const transfer = await findTransfer(ledger, { scope: institutionId, id });
  return isRefusal(transfer) ? notFound : { from: 'transfers', transfer };
}

export interface TransactionsRequest {
  readonly caller: Caller;
  readonly institutionId?: InstitutionId | undefined;
  readonly filter: TransactionFilter;
  /** the first and the last day of creation, both included */
  readonly from?: AccountingDate | undefined;
  readonly to?: AccountingDate | undefined;
}

/**
 * So many items are looked through at a time, over all lists, and so many times for one answer. A filter that matches
 * little may therefore answer few items, or none, with a place to go on from: never an end that is none.
 */
const stretchItems = 150;
const maximumRounds = 12;

/** Newest first. A page that a filter leaves short still has its cursor, until the list has ended. */
export async function listTransactions(
  sources: TransactionSources & Pick<Payments, 'timeZone'>,
  { limit, after, ...request }: TransactionsRequest & PageRequest,
): Promise<Page<Transaction> | Refusal<LookupRefusal>> {
  const range = rangeOf(request, sources.timeZone);
  if (isRefusal(range)) return range;
  const lists = transactionLists(sources, range, Math.min(stretchItems, 2 * limit));
  const newest = newestKey(range.until, after);
  const { items, continueAfter } = await mergeNewest(lists, { after: newest, limit, maximumRounds });
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}

/** Every transaction of a range, newest first, read on while it is taken. */
export async function* allTransactions(
  sources: TransactionSources,
  range: TransactionRange,
): AsyncGenerator<Transaction> {
  const lists = transactionLists(sources, range, 8 * stretchItems);
  for (let after: string | undefined = newestKey(range.until); after !== undefined; ) {
    const { items, continueAfter }: Awaited<ReturnType<typeof mergeNewest<Transaction>>> = await mergeNewest(lists, {
      after,
      limit: stretchItems,
      maximumRounds,
    });
    yield* items;
    after = continueAfter;
  }
}

export function rangeOf(
  { caller, from, to, filter, institutionId: wanted }: TransactionsRequest,
  timeZone: string,
): TransactionRange | Refusal<LookupRefusal> {
  const institutionId = chosenInstitution(caller, wanted);
  if (isRefusal(institutionId)) return institutionId;
  return {
    institutionId,
    filter,
    from: from && firstInstantOf(from, timeZone),
    until: to && firstInstantAfter(to, timeZone),
  };
}
