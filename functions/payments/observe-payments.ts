/** Tells routing what came of asking channels, from what changed of payments. */
import { type CircuitChange, noteOutcomes, type Observing } from '../channels/index.ts';
import type { Item } from '../kernel/table.ts';
import { channelOutcomes } from './channel-outcomes.ts';
import { isPaymentItem, paymentFromItem } from './payment-store.ts';

/** An item of the payments table before and after a write, as the table's stream has them. */
export interface ItemChange {
  readonly before?: Item | undefined;
  readonly after?: Item | undefined;
}

/** @returns the circuits that changed their state by it. Costs what {@link noteOutcomes} does. */
export function observePayments(
  observing: Observing,
  changes: readonly ItemChange[],
): Promise<readonly CircuitChange[]> {
  const outcomes = changes.flatMap(({ before, after }) =>
    after && isPaymentItem(after) ? channelOutcomes(before && paymentFromItem(before), paymentFromItem(after)) : [],
  );
  return noteOutcomes(observing, outcomes);
}
