/** Rules 6 to 8: what a channel has done of a payment is done once and stands in the books, and nothing else does. */
import { channelOrderNoOf, type Payment } from '../../../../functions/payments/payment.ts';
import { isOpen } from '../../../../functions/payments/payment-states.ts';
import type { Evidence } from './evidence.ts';

export function* channelsAgree({ rested, channel, books: { payments } }: Evidence): Generator<string> {
  if (!rested)
    yield "a close, a sweep, a channel's statement or the confirmation of states fails although nothing goes wrong";
  const known = new Set<string>();
  for (const payment of payments.values()) {
    const { id, kind, attempt, status, channelOrderNo } = payment;
    if (isOpen(status)) yield `the ${kind} ${id} has no end although its channel answers`;
    if (kind === 'return') {
      if (!channel.cameBack(channelOrderNo)) yield `the return ${id} is of a payout that never came back`;
      continue;
    }
    const orderNos = Array.from({ length: attempt }, (_, before) => channelOrderNoOf(id, before + 1));
    for (const orderNo of orderNos) known.add(orderNo);
    if (kind === 'top_up') yield* refundsAddUp(payment, [...payments.values()]);
    // whichever of its words came first was booked; the other one is noted, and its statement shows the difference
    if (orderNos.some((orderNo) => channel.contradicted(orderNo))) continue;
    const times = orderNos.reduce((sum, orderNo) => sum + channel.timesCarriedOut(orderNo), 0);
    const expected = status === 'failed' ? 0 : 1;
    if (times !== expected)
      yield `the ${kind} ${id} is ${status}, and its channels have moved the money ${times} times`;
    if (expected === 1 && channel.timesCarriedOut(channelOrderNo) !== 1) {
      yield `the ${kind} ${id} has succeeded at another channel than it names`;
    }
    if ((status === 'returned') !== channel.cameBack(channelOrderNo)) {
      yield `the ${kind} ${id} is ${status}, and its channel says ${channel.cameBack(channelOrderNo) ? 'that it came back' : 'nothing of it'}`;
    }
  }
  for (const { order, result } of channel.concluded()) {
    if (result.outcome === 'succeeded' && !known.has(order.channelOrderNo)) {
      yield `a channel has carried out ${order.channelOrderNo}, of which no payment knows`;
    }
  }
}

function* refundsAddUp(topUp: Payment, payments: readonly Payment[]): Generator<string> {
  const { id, amount, status, refunded = 0n, refunding = 0n } = topUp;
  const given = payments
    .filter((each) => each.originalId === id && each.status === 'succeeded')
    .reduce((sum, each) => sum + each.amount.amount, 0n);
  if (given > amount.amount) yield `of the top-up ${id} over ${amount.amount}, ${given} were refunded`;
  if (given !== refunded || refunding !== 0n) {
    yield `the top-up ${id} says ${refunded} refunded and ${refunding} under way; its refunds add up to ${given}`;
  }
  if ((status === 'refunded') !== (given === amount.amount))
    yield `the top-up ${id} is ${status} with ${given} refunded`;
}
