import { callbackOfOrder } from '../callbacks/callback.ts';
import { endOfAwaiting, factsOf } from '../orders/confirm-order.ts';
import { book, linesOf, refusedOrder } from '../orders/end-order.ts';
import { hasExpired, isBeforeItsEnd, type Order, type OrderReference } from '../orders/order.ts';
import { endAwaitingWrites, findOrder } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';

export type Decision = 'pay' | 'refuse';

/**
 * The payer pays, or refuses to: the order ends, and its merchant is called back before the payer's browser leaves. An
 * order that ended or expired before stays as it is.
 *
 * @returns the order as it is now, undefined where there is none
 */
export async function decideOrder(
  sandbox: Sandbox,
  reference: OrderReference,
  decision: Decision,
): Promise<Order | undefined> {
  const order = await findOrder(sandbox, reference);
  if (order?.state !== 'awaiting' || order.awaits !== 'payer' || hasExpired(order, sandbox.clock())) return order;
  const returnUrl = order.returnUrl;
  const ended =
    decision === 'pay'
      ? { ...endOfAwaiting(sandbox, order), returnUrl }
      : { ...refusedOrder(factsOf(order), 'payer_refused'), returnUrl };
  const inTheWay = await book(sandbox, ended, endAwaitingWrites(sandbox, ended, linesOf(ended)));
  if (inTheWay) return findOrder(sandbox, reference);
  const callback = isBeforeItsEnd(ended, sandbox.clock()) ? undefined : callbackOfOrder(ended);
  if (callback) await sandbox.callBack(callback);
  return ended;
}
