/** Looking payments up, each caller within what it may see. */
import { type Caller, chosenInstitution, inScope, scopeOf } from '../kernel/caller.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { firstInstantAfter, firstInstantOf } from '../kernel/day-bounds.ts';
import type { InstitutionId, PaymentId } from '../kernel/ids.ts';
import { encodeCursor, type Page, type PageRequest } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Payment } from './payment.ts';
import { paymentIdOf } from './payment.ts';
import { listPayments, type PaymentFilter } from './payment-list-store.ts';
import { readPayment } from './payment-store.ts';
import type { Payments } from './payments.ts';

export type LookupRefusal = 'not_found' | 'institution_required';

/** By its id; a foreign one is not found. 1 read unit. */
export async function findTransaction(
  { table }: Pick<Payments, 'table'>,
  { caller, id }: { readonly caller: Caller; readonly id: PaymentId },
): Promise<Payment | Refusal<LookupRefusal>> {
  const payment = await readPayment(table, id);
  if (payment === undefined || !inScope(scopeOf(caller), payment.institutionId)) {
    return refuse('not_found', 'There is no such transaction.');
  }
  return payment;
}

/** By the caller's own reference, from which the id follows. 1 read unit. */
export async function findTransactionByReference(
  { table }: Pick<Payments, 'table'>,
  lookup: { readonly caller: Caller; readonly institutionId?: InstitutionId | undefined; readonly reference: string },
): Promise<Payment | Refusal<LookupRefusal>> {
  const institutionId = chosenInstitution(lookup.caller, lookup.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const payment = await readPayment(table, paymentIdOf(institutionId, lookup.reference));
  return payment ?? refuse('not_found', 'There is no such transaction.');
}

export interface TransactionsRequest extends PageRequest {
  readonly caller: Caller;
  readonly institutionId?: InstitutionId | undefined;
  readonly filter: PaymentFilter;
  /** the first and the last day of creation, both included */
  readonly from?: AccountingDate | undefined;
  readonly to?: AccountingDate | undefined;
}

/** Newest first. A page that a filter leaves short still has its cursor, until the list has ended. */
export async function listTransactions(
  { table, timeZone }: Pick<Payments, 'table' | 'timeZone'>,
  { caller, from, to, ...request }: TransactionsRequest,
): Promise<Page<Payment> | Refusal<LookupRefusal>> {
  const institutionId = chosenInstitution(caller, request.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const { items, continueAfter } = await listPayments(table, {
    ...request,
    institutionId,
    from: from && firstInstantOf(from, timeZone),
    until: to && firstInstantAfter(to, timeZone),
  });
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}
