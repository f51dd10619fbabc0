/** Rules 6 to 8: what a channel has done of a payment is done once and stands in the books, and nothing else does. */
import { channelOrderNoOf } from '../../../../functions/payments/payment.ts';
import type { Evidence } from './evidence.ts';

export function* channelsAgree({ rested, channel, books: { payments } }: Evidence): Generator<string> {
  if (!rested)
    yield "a close, a sweep, a channel's statement or the confirmation of states fails although nothing goes wrong";
  const known = new Set<string>();
  for (const { id, kind, attempt, status, channelOrderNo } of payments.values()) {
    if (status === 'processing') yield `the ${kind} ${id} has no end although its channel answers`;
    const orderNos = Array.from({ length: attempt }, (_, before) => channelOrderNoOf(id, before + 1));
    for (const orderNo of orderNos) known.add(orderNo);
    const times = orderNos.reduce((sum, orderNo) => sum + channel.timesCarriedOut(orderNo), 0);
    const expected = status === 'succeeded' ? 1 : 0;
    if (times !== expected)
      yield `the ${kind} ${id} is ${status}, and its channels have moved the money ${times} times`;
    if (expected === 1 && channel.timesCarriedOut(channelOrderNo) !== 1) {
      yield `the ${kind} ${id} has succeeded at another channel than it names`;
    }
  }
  for (const { order, result } of channel.concluded()) {
    if (result.outcome === 'succeeded' && !known.has(order.channelOrderNo)) {
      yield `a channel has carried out ${order.channelOrderNo}, of which no payment knows`;
    }
  }
}
