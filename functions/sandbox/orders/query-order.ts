import type { Sandbox } from '../sandbox.ts';
import {
  type ClosedOrder,
  currentAnswer,
  hasExpired,
  isBeforeItsEnd,
  isStillProcessing,
  type Order,
  type OrderAnswer,
  type OrderReference,
  processing,
} from './order.ts';
import { bookOrderWrites, countProcessingQuery, endAwaitingWrites, findOrder } from './order-store.ts';

/** What became of an order; `not_found` where none has arrived under this number. */
export async function queryOrder(
  sandbox: Sandbox,
  reference: OrderReference,
): Promise<OrderAnswer | { readonly outcome: 'not_found' }> {
  const order = await findOrder(sandbox, reference);
  if (!order) return { outcome: 'not_found' };
  const now = sandbox.clock();
  if (isBeforeItsEnd(order, now)) return processing;
  if (isStillProcessing(order, now) && (await countProcessingQuery(sandbox, reference))) return processing;
  return currentAnswer(order, now);
}

/**
 * Closes a number under which nothing has arrived, and an order that waits for its payer; tells what became of one that
 * has ended.
 */
export async function closeOrder(sandbox: Sandbox, reference: OrderReference): Promise<OrderAnswer> {
  const { channel, merchantNo, orderNo } = reference;
  const closed: ClosedOrder = { channel, merchantNo, orderNo, state: 'closed' };
  const unused = await sandbox.commit(bookOrderWrites(sandbox, closed, []));
  if (unused.committed) return currentAnswer(closed, sandbox.clock());
  const found = await foundOrder(sandbox, reference);
  if (found.state !== 'awaiting' || hasExpired(found, sandbox.clock())) return answerNow(sandbox, found);
  const commit = await sandbox.commit(endAwaitingWrites(sandbox, closed, []));
  return answerNow(sandbox, commit.committed ? closed : await foundOrder(sandbox, reference));
}

async function foundOrder(sandbox: Sandbox, reference: OrderReference): Promise<Order> {
  const order = await findOrder(sandbox, reference);
  if (!order) throw new Error('an order was in the way and is gone: orders are never deleted');
  return order;
}

const answerNow = ({ clock }: Sandbox, order: Order): OrderAnswer =>
  isStillProcessing(order, clock()) ? processing : currentAnswer(order, clock());
