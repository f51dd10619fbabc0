/** Storing a payment whose amount is put aside in the same transaction. */
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { type NewPosting, postGuardedBy } from '../ledger/index.ts';
import type { Payment } from './payment.ts';
import { bookedPayment } from './payment-changes.ts';
import { insertPaymentWrite } from './payment-store.ts';
import type { Payments } from './payments.ts';

export type FreezeRefusal = 'insufficient_funds' | 'account_not_active' | 'currency_mismatch';

/**
 * `taken`: a payment of the same reference stands there already. `no_room`: a condition of `alongside` failed.
 *
 * @param alongside what else is to happen with it, such as reservations
 */
export async function storeFrozen(
  { table, ledger }: Pick<Payments, 'table' | 'ledger'>,
  payment: Payment,
  freeze: NewPosting,
  alongside: readonly Write[],
): Promise<Payment | 'taken' | 'no_room' | Refusal<FreezeRefusal>> {
  const booked = (postings: Parameters<Parameters<typeof postGuardedBy>[2]>[0]) =>
    postings.reduce(bookedPayment, payment);
  const outcome = await postGuardedBy(ledger, [freeze], (postings) => [
    insertPaymentWrite(table, booked(postings)),
    ...alongside,
  ]);
  if (!isRefusal(outcome)) {
    if (outcome.outcome === 'posted') return booked(outcome.postings);
    return outcome.broken.every(({ write }) => alongside.includes(write)) ? 'no_room' : 'taken';
  }
  switch (outcome.refused) {
    case 'insufficient_funds':
      return refuse('insufficient_funds', 'The available balance does not cover the amount.');
    case 'account_not_found':
    case 'account_closed':
    case 'account_blocked':
      return refuse('account_not_active', 'The account is closed or blocked.');
    case 'currency_mismatch':
      return refuse('currency_mismatch', 'The account is kept in another currency.');
    case 'exceeds_original':
    case 'too_many_entries':
      throw new Error(`the freeze of ${payment.id} is refused: ${outcome.detail}`);
  }
}
