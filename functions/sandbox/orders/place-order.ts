import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { feeBasisPointsOf, feeOf, type OrderProduct } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { lineOfOrder, lineOfReturn, type StatementLine } from '../statements/statement-line.ts';
import { type OrderBehaviour, orderBehaviour } from '../test-cards.ts';
import { findAgreement, takeBehaviour } from './agreement-store.ts';
import {
  answerToOrder,
  type Order,
  type OrderAnswer,
  type OrderFacts,
  processing,
  type RefusedOrder,
  type SucceededOrder,
  toTheSecond,
  tradeNumber,
} from './order.ts';
import { bookOrderWrites, findOrder } from './order-store.ts';

export interface PlacedOrder extends OrderFacts {
  readonly kind: 'collection' | 'payout';
  readonly product: OrderProduct;
  readonly agreementNo: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Carries out an order once. A number that came before gets the answer of then, and one that was closed is refused.
 * The books are written before the answer is held back, so a caller who stops waiting finds them by a query.
 */
export async function placeOrder(
  sandbox: Sandbox,
  placed: PlacedOrder,
): Promise<OrderAnswer | Refusal<'order_number_reused'>> {
  const earlier = await findOrder(sandbox, placed);
  if (earlier) return repeatedAnswer(earlier, placed);

  const feeBasisPoints = feeBasisPointsOf(placed.channel, placed.product);
  const agreement = await findAgreement(sandbox, placed.agreementNo);
  const agreed = agreement?.channel === placed.channel && agreement.merchantNo === placed.merchantNo;
  if (feeBasisPoints === undefined) return bookAndAnswer(sandbox, placed, refusedOrder(placed, 'product_not_offered'));
  if (!agreement || !agreed) return bookAndAnswer(sandbox, placed, refusedOrder(placed, 'agreement_unknown'));

  const behaviour = orderBehaviour((await takeBehaviour(sandbox, placed)) ?? agreement.orders);
  const answer = await carryOut(sandbox, placed, { behaviour, feeBasisPoints });
  await sandbox.sleepMs(behaviour.holdMs);
  return answer;
}

async function carryOut(
  sandbox: Sandbox,
  placed: PlacedOrder,
  { behaviour, feeBasisPoints }: { behaviour: OrderBehaviour; feeBasisPoints: bigint },
): Promise<OrderAnswer | Refusal<'order_number_reused'>> {
  switch (behaviour.books) {
    case 'nothing':
      return processing;
    case 'refused': {
      const order = refusedOrder(placed, behaviour.reason ?? 'refused', behaviour.retryElsewhere);
      return bookAndAnswer(sandbox, placed, order);
    }
    case 'succeeded': {
      const order = succeededOrder(placed, { behaviour, feeBasisPoints, now: sandbox.clock() });
      const lines = [lineOfOrder(order), ...(order.returnsAt ? [lineOfReturn(order, order.returnsAt)] : [])];
      return bookAndAnswer(sandbox, placed, order, lines);
    }
  }
}

/** Where the same number was booked in the meantime, its answer counts. */
async function bookAndAnswer(
  sandbox: Sandbox,
  placed: PlacedOrder,
  order: Order,
  lines: readonly StatementLine[] = [],
): Promise<OrderAnswer | Refusal<'order_number_reused'>> {
  const commit = await sandbox.commit(bookOrderWrites(sandbox, order, lines));
  if (commit.committed) return answerToOrder(order);
  const earlier = await findOrder(sandbox, placed);
  if (!earlier) throw new Error('an order was in the way and is gone: orders are never deleted');
  return repeatedAnswer(earlier, placed);
}

function repeatedAnswer(earlier: Order, placed: PlacedOrder): OrderAnswer | Refusal<'order_number_reused'> {
  const same =
    earlier.state === 'closed' ||
    (earlier.kind === placed.kind &&
      earlier.amount === placed.amount &&
      earlier.currency === placed.currency &&
      earlier.agreementNo === placed.agreementNo);
  return same ? answerToOrder(earlier) : refuse('order_number_reused', 'This order number belongs to another order.');
}

const refusedOrder = (placed: PlacedOrder, reason: string, retryElsewhere = false): RefusedOrder => ({
  ...factsOf(placed),
  state: 'refused',
  reason,
  retryElsewhere,
});

function succeededOrder(
  placed: PlacedOrder,
  { behaviour, feeBasisPoints, now }: { behaviour: OrderBehaviour; feeBasisPoints: bigint; now: Date },
): SucceededOrder {
  const completedAt = toTheSecond(now);
  const returnsAfterDays = placed.kind === 'payout' ? behaviour.returnsAfterDays : undefined;
  return {
    ...factsOf(placed),
    state: 'succeeded',
    tradeNo: tradeNumber('4200', 'order', placed, completedAt),
    completedAt,
    fee: feeOf(placed.amount, feeBasisPoints),
    feeBasisPoints,
    toldProcessing: behaviour.processingQueries > 0,
    processingQueries: behaviour.processingQueries,
    ...(returnsAfterDays && { returnsAt: new Date(completedAt.getTime() + returnsAfterDays * dayMs) }),
  };
}

const factsOf = ({ channel, merchantNo, orderNo, kind, amount, currency, agreementNo }: PlacedOrder): OrderFacts => ({
  channel,
  merchantNo,
  orderNo,
  kind,
  amount,
  currency,
  agreementNo,
});
