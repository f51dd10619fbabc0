/** A channel in memory, with the manners of a real one: an order number is carried out once, and a closed one never. */
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelOrderReference,
  type ChannelResult,
  type CollectOrder,
  type PayoutOrder,
  type RefundOrder,
} from '../../functions/channels/index.ts';

export type ChannelOrder = CollectOrder | PayoutOrder | RefundOrder;
type Reference = Pick<ChannelOrderReference, 'channel' | 'merchantNo' | 'channelOrderNo'>;

/**
 * What a channel makes of an order: says yes; says no; says no for itself alone; does it and never answers; loses it
 * on the way and never answers.
 */
export type Manner = 'accepts' | 'refuses' | 'refuses_here' | 'accepts_silently' | 'loses';

export interface FakeChannel {
  readonly adapter: ChannelAdapter;
  /** the order numbers that it carried out */
  readonly carriedOut: () => readonly string[];
  /** the orders as they arrived */
  readonly arrived: () => readonly ChannelOrder[];
}

type Final = Exclude<ChannelResult, { outcome: 'unknown' }>;

export function fakeChannel(mannerOf: (reference: Reference) => Manner): FakeChannel {
  const orders = new Map<string, Final>();
  const arrivals: ChannelOrder[] = [];

  const take = async (order: ChannelOrder): Promise<ChannelResult> => {
    arrivals.push(order);
    const manner = mannerOf(order);
    if (manner === 'loses') return silence;
    const known = orders.get(order.channelOrderNo) ?? answerOf(manner, order);
    orders.set(order.channelOrderNo, known);
    return manner === 'accepts_silently' && known.outcome === 'succeeded' ? silence : known;
  };

  return {
    adapter: adapterWith({
      collect: take,
      payout: take,
      refund: take,
      query: async ({ channelOrderNo }) => orders.get(channelOrderNo) ?? { outcome: 'not_found' },
      cancel: async ({ channelOrderNo }) => {
        const result = orders.get(channelOrderNo) ?? closed;
        orders.set(channelOrderNo, result);
        return result;
      },
    }),
    carriedOut: () => [...orders].filter(([, result]) => result.outcome === 'succeeded').map(([orderNo]) => orderNo),
    arrived: () => arrivals,
  };
}

const silence = { outcome: 'unknown', cause: 'no answer in time' } as const;
const closed: Final = { outcome: 'refused', reason: 'order_closed', retryElsewhere: false };

const answerOf = (manner: Exclude<Manner, 'loses'>, { channelOrderNo }: ChannelOrder): Final =>
  manner === 'accepts' || manner === 'accepts_silently'
    ? { outcome: 'succeeded', channelTradeNo: `T-${channelOrderNo}`, completedAt: new Date() }
    : { outcome: 'refused', reason: 'not_today', retryElsewhere: manner === 'refuses_here' };
