import { feeFor } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { orderBehaviour, rightCode } from '../test-cards.ts';
import { book, endedOrder, linesOf, refusedOrder } from './end-order.ts';
import {
  type AwaitingOrder,
  answerToOrder,
  type OrderAnswer,
  type OrderFacts,
  type OrderReference,
  type RefusedOrder,
  refused,
  type SucceededOrder,
} from './order.ts';
import { countWrongCode, endAwaitingWrites, findOrder } from './order-store.ts';

/** Takes the card holder's code. A wrong one is refused, and the order with it when no try is left. */
export async function confirmOrder(
  sandbox: Sandbox,
  reference: OrderReference,
  code: string,
): Promise<OrderAnswer | { readonly outcome: 'not_found' }> {
  const order = await findOrder(sandbox, reference);
  if (!order) return { outcome: 'not_found' };
  if (order.state !== 'awaiting') return answerToOrder(order, sandbox.clock());
  if (order.awaits !== 'code') return refused('no_code_awaited');
  if (code !== rightCode) {
    if (order.codeTriesLeft > 1) {
      return (await countWrongCode(sandbox, order)) ? refused('wrong_code') : confirmOrder(sandbox, reference, code);
    }
    return endAwaiting(sandbox, order, refusedOrder(factsOf(order), 'code_tries_used_up'));
  }
  const answer = await endAwaiting(sandbox, order, endOfAwaiting(sandbox, order));
  await sandbox.sleepMs(orderBehaviour(order.behaviour).holdMs);
  return answer;
}

/** What an order comes to when its payer has done what was awaited. */
export function endOfAwaiting({ clock }: Sandbox, order: AwaitingOrder): SucceededOrder | RefusedOrder {
  const fee = order.product && feeFor(order.channel, order.product);
  if (!fee) throw new Error('an order waits whose product is not offered');
  return endedOrder(factsOf(order), { behaviour: orderBehaviour(order.behaviour), fee, now: clock() });
}

/** Whoever came first has ended it, and that end is answered. */
async function endAwaiting(
  sandbox: Sandbox,
  order: AwaitingOrder,
  ended: SucceededOrder | RefusedOrder,
): Promise<OrderAnswer> {
  const inTheWay = await book(sandbox, ended, endAwaitingWrites(sandbox, ended, linesOf(ended)));
  const current = inTheWay ? await findOrder(sandbox, order) : ended;
  if (!current) throw new Error('an order was in the way and is gone: orders are never deleted');
  return answerToOrder(current, sandbox.clock());
}

export const factsOf = ({
  state: _state,
  awaits: _awaits,
  behaviour: _behaviour,
  codeTriesLeft: _tries,
  expiresAt: _expiry,
  returnUrl: _url,
  ...facts
}: AwaitingOrder): OrderFacts => facts;
