import type { Sandbox } from '../sandbox.ts';
import {
  type ClosedOrder,
  finalAnswer,
  type Order,
  type OrderAnswer,
  type OrderReference,
  processing,
} from './order.ts';
import { bookOrderWrites, countProcessingQuery, findOrder } from './order-store.ts';

/** What became of an order; `not_found` where none has arrived under this number. */
export async function queryOrder(
  sandbox: Sandbox,
  reference: OrderReference,
): Promise<OrderAnswer | { readonly outcome: 'not_found' }> {
  const order = await findOrder(sandbox, reference);
  if (!order) return { outcome: 'not_found' };
  if (isStillProcessing(order) && (await countProcessingQuery(sandbox, reference))) return processing;
  return finalAnswer(order);
}

/** Closes a number under which nothing has arrived; tells what became of an order that has. */
export async function closeOrder(sandbox: Sandbox, reference: OrderReference): Promise<OrderAnswer> {
  const { channel, merchantNo, orderNo } = reference;
  const closed: ClosedOrder = { channel, merchantNo, orderNo, state: 'closed' };
  const commit = await sandbox.commit(bookOrderWrites(sandbox, closed, []));
  const order = commit.committed ? closed : await findOrder(sandbox, reference);
  if (!order) throw new Error('an order was in the way and is gone: orders are never deleted');
  return isStillProcessing(order) ? processing : finalAnswer(order);
}

const isStillProcessing = (order: Order): boolean => order.state === 'succeeded' && order.processingQueries > 0;
