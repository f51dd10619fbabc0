/** What happens when an order comes whose payer has yet to give a code or to press a button. */
import type { OrderProduct } from '../channels-served.ts';
import { codeTries, type OrderBehaviourName, orderBehaviour } from '../test-cards.ts';
import type { AwaitingOrder, RefusedOrder } from './order.ts';

export interface Begun {
  /** absent for an order that never arrives */
  readonly books?:
    | Pick<RefusedOrder, 'state' | 'reason' | 'retryElsewhere'>
    | Pick<AwaitingOrder, 'state' | 'awaits' | 'behaviour' | 'codeTriesLeft'>;
  readonly holdMs: number;
}

/**
 * A channel that is busy says so at once. All else about a card comes to light when its holder has given the code; at the
 * cashier there is no card, so what was queued for the merchant happens to the order itself, and the payer decides.
 */
export function awaitPayer(product: OrderProduct, name: OrderBehaviourName): Begun {
  const awaits = product === 'quick_payment' ? 'code' : 'payer';
  const { books, reason = 'refused', retryElsewhere = false, holdMs } = orderBehaviour(name);
  if (books === 'nothing') return { holdMs };
  const atOnce = retryElsewhere || (awaits === 'payer' && holdMs === 0);
  if (books === 'refused' && atOnce) return { books: { state: 'refused', reason, retryElsewhere }, holdMs };
  return {
    books: { state: 'awaiting', awaits, behaviour: name, codeTriesLeft: codeTries },
    holdMs: awaits === 'payer' ? holdMs : 0,
  };
}
