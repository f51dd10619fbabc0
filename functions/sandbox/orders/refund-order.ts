import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { feeFor } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { orderBehaviour } from '../test-cards.ts';
import { findAgreement, takeBehaviour } from './agreement-store.ts';
import { book, endedOrder, linesOf, refusedOrder } from './end-order.ts';
import {
  answerToOrder,
  isBeforeItsEnd,
  type Order,
  type OrderAnswer,
  type OrderFacts,
  processing,
  type RefusedOrder,
  type SucceededOrder,
} from './order.ts';
import { bookOrderWrites, findOrder, takeRefundable } from './order-store.ts';
import { outageMet } from './outage-store.ts';
import type { PlaceRefusal } from './place-order.ts';

export interface PlacedRefund extends OrderFacts {
  readonly kind: 'refund';
  readonly original: { readonly channelOrderNo: string; readonly tradeNo: string };
}

/** Gives a collection back, whole or in part: all refunds of one together never more than it brought. */
export async function refundOrder(
  sandbox: Sandbox,
  { original, ...placed }: PlacedRefund,
): Promise<OrderAnswer | Refusal<PlaceRefusal>> {
  const facts: OrderFacts = { ...placed, refundOf: original.channelOrderNo };
  const earlier = await findOrder(sandbox, facts);
  if (earlier) return repeatedAnswer(sandbox, earlier, facts);

  const outage = await outageMet({ ...sandbox, now: sandbox.clock() }, facts, facts.orderNo);
  if (outage === 'refuse') return bookRefund(sandbox, facts, busy(facts));
  if (outage) return hold(sandbox, processing, orderBehaviour('time_out_never_arrived').holdMs);
  const payment = await findOrder(sandbox, { ...facts, orderNo: original.channelOrderNo });
  if (!isRefundable(payment, sandbox.clock()) || payment.tradeNo !== original.tradeNo) {
    return bookRefund(sandbox, facts, refusedOrder(facts, 'original_unknown'));
  }
  if (payment.currency !== facts.currency) return bookRefund(sandbox, facts, refusedOrder(facts, 'wrong_currency'));

  const behaviour = orderBehaviour((await takeBehaviour(sandbox, facts)) ?? (await behaviourOf(sandbox, payment)));
  if (behaviour.books === 'nothing') return hold(sandbox, processing, behaviour.holdMs);
  const fee = payment.product && feeFor(payment.channel, payment.product);
  const refund = endedOrder(facts, {
    behaviour,
    // a payment that control put into the books has a plain share
    fee: fee ?? { flat: 0n, basisPoints: payment.feeBasisPoints },
    now: sandbox.clock(),
  });
  return hold(sandbox, await bookRefund(sandbox, facts, refund, payment), behaviour.holdMs);
}

const busy = (facts: OrderFacts): RefusedOrder => refusedOrder(facts, 'channel_busy', { retryElsewhere: true });

const isRefundable = (order: Order | undefined, now: Date): order is SucceededOrder =>
  order?.state === 'succeeded' && order.kind === 'collection' && !isBeforeItsEnd(order, now);

/** A refund goes back to the card, and so goes as the card does. */
async function behaviourOf(sandbox: Sandbox, { agreementNo }: SucceededOrder) {
  return (agreementNo === undefined ? undefined : await findAgreement(sandbox, agreementNo))?.orders ?? 'succeed';
}

async function hold<Answer>({ sleepMs }: Sandbox, answer: Answer, milliseconds: number): Promise<Answer> {
  await sleepMs(milliseconds);
  return answer;
}

/** @param payment what a refund that succeeds is taken from */
async function bookRefund(
  sandbox: Sandbox,
  facts: OrderFacts,
  refund: SucceededOrder | RefusedOrder,
  payment?: SucceededOrder,
): Promise<OrderAnswer | Refusal<PlaceRefusal>> {
  const original = payment && { orderNo: payment.orderNo, tradeNo: payment.tradeNo };
  const takes = payment && refund.state === 'succeeded' ? [takeRefundable(sandbox, payment, refund.amount)] : [];
  const writes = [...bookOrderWrites(sandbox, refund, linesOf(refund, original)), ...takes];
  const inTheWay = await book(sandbox, refund, writes);
  if (!inTheWay) return answerToOrder(refund, sandbox.clock());
  if (takes.includes(inTheWay)) return bookRefund(sandbox, facts, refusedOrder(facts, 'refund_exceeds_collection'));
  const earlier = await findOrder(sandbox, facts);
  if (!earlier) throw new Error('an order was in the way and is gone: orders are never deleted');
  return repeatedAnswer(sandbox, earlier, facts);
}

function repeatedAnswer({ clock }: Sandbox, earlier: Order, facts: OrderFacts): OrderAnswer | Refusal<PlaceRefusal> {
  const same =
    earlier.state === 'closed' ||
    (earlier.kind === 'refund' &&
      earlier.amount === facts.amount &&
      earlier.currency === facts.currency &&
      earlier.refundOf === facts.refundOf);
  return same
    ? answerToOrder(earlier, clock())
    : refuse('order_number_reused', 'This order number belongs to another order.');
}
