import type { Sandbox } from '../sandbox.ts';
import { orderBehaviour } from '../test-cards.ts';
import {
  type ClosedOrder,
  currentAnswer,
  type Denial,
  hasExpired,
  isBeforeItsEnd,
  isStillProcessing,
  type Order,
  type OrderAnswer,
  type OrderReference,
  processing,
  refused,
  type SucceededOrder,
} from './order.ts';
import { bookOrderWrites, countProcessingQuery, endAwaitingWrites, findOrder } from './order-store.ts';

type QueryAnswer = (OrderAnswer & Partial<Pick<SucceededOrder, 'amount' | 'currency'>>) | typeof notFound;

const notFound = { outcome: 'not_found' } as const;

/** What became of an order, and of one that succeeded its amount; `not_found` where none has arrived under this number. */
export async function queryOrder(sandbox: Sandbox, reference: OrderReference): Promise<QueryAnswer> {
  const order = await findOrder(sandbox, reference);
  if (!order) return notFound;
  const now = sandbox.clock();
  if (isBeforeItsEnd(order, now)) return processing;
  if (isStillProcessing(order, now) && (await countProcessingQuery(sandbox, reference))) return processing;
  const answer = currentAnswer(order, now);
  if (order.state !== 'succeeded') return answer;
  const { amount, currency, denial } = order;
  return denial ? denied(sandbox, denial) : { ...answer, amount, currency };
}

async function denied({ sleepMs }: Sandbox, denial: Denial): Promise<QueryAnswer> {
  switch (denial) {
    case 'refused':
      return refused('payer_refused');
    case 'not_found':
      return notFound;
    case 'time_out':
      await sleepMs(orderBehaviour('time_out_succeeded').holdMs);
      return processing;
  }
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
