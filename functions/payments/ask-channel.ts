/** What a payment asks of its channel, for the attempt that is current. */
import { adapterOf, type ChannelResult, findChannel } from '../channels/index.ts';
import type { Payment } from './payment.ts';
import type { Payments } from './payments.ts';
import type { PaymentRoute } from './routing.ts';

type WithChannels = Pick<Payments, 'channels'>;

/** Hands the order over. A channel carries out an order number once, however often it gets it. */
export function submitOrder(
  { channels }: WithChannels,
  payment: Payment,
  { channelFacts, agreementNo }: PaymentRoute,
): Promise<ChannelResult> {
  const { merchantNo, channelOrderNo, amount, product } = payment;
  const order = { channel: channelFacts.id, merchantNo, channelOrderNo, amount, agreementNo, product };
  const adapter = adapterOf(channels, channelFacts);
  return payment.kind === 'top_up' ? adapter.collect(order) : adapter.payout(order);
}

/** Asks what became of the order. A channel that the catalogue no longer has can't say: unknown. */
export async function queryOrder(
  { channels }: WithChannels,
  payment: Payment,
): Promise<ChannelResult | { readonly outcome: 'not_found' }> {
  const channel = findChannel(channels, payment.channel);
  if (channel === undefined) return unreachable;
  const { merchantNo, channelOrderNo } = payment;
  return adapterOf(channels, channel).query({ channel: channel.id, merchantNo, channelOrderNo });
}

/** Closes an order that the channel never had, so that one that still arrives late is refused there. */
export async function cancelOrder({ channels }: WithChannels, payment: Payment): Promise<ChannelResult> {
  const channel = findChannel(channels, payment.channel);
  if (channel === undefined) return unreachable;
  const { merchantNo, channelOrderNo } = payment;
  return adapterOf(channels, channel).cancel({ channel: channel.id, merchantNo, channelOrderNo });
}

const unreachable = { outcome: 'unknown', cause: 'the channel is not in the catalogue' } as const;
