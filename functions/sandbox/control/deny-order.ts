import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Denial, OrderReference } from '../orders/order.ts';
import { denySucceeded } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';

/** From now on queries are told so of an order that succeeded; books, callbacks and statements stay as they are. */
export async function denyOrder(
  sandbox: Sandbox,
  order: OrderReference,
  denial: Denial,
): Promise<{ readonly denied: Denial } | Refusal<'order_not_succeeded'>> {
  return (await denySucceeded(sandbox, order, denial))
    ? { denied: denial }
    : refuse('order_not_succeeded', 'Only an order that succeeded can be denied.');
}
