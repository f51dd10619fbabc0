/** A channel in memory, with the manners of a real one: an order number is carried out once, and a closed one never. */
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelOrderReference,
  type ChannelResult,
  type CollectOrder,
  type CollectResult,
  type OrderKind,
  type PayerAction,
  type PayoutOrder,
  type QueryResult,
  type RefundOrder,
} from '../../functions/channels/index.ts';
import type { Clock } from '../../functions/kernel/clock.ts';

export type ChannelOrder = CollectOrder | PayoutOrder | RefundOrder;

/**
 * What a channel makes of an order: says yes; says no; says no for itself alone; does it and never answers; loses it
 * on the way and never answers. Where a payer has to come, saying yes is to wait for the payer.
 */
export type Manner = 'accepts' | 'refuses' | 'refuses_here' | 'accepts_silently' | 'loses';

/** The code that a card holder would have been sent. */
export const rightCode = '246810';

export interface FakeChannel {
  readonly adapter: ChannelAdapter;
  /** the order numbers that it carried out */
  readonly carriedOut: () => readonly string[];
  /** the orders as they arrived */
  readonly arrived: () => readonly ChannelOrder[];
  /** the payer has come to the channel's page, where the order is not over yet */
  readonly payerPays: (channelOrderNo: string) => void;
  readonly payerDeclines: (channelOrderNo: string) => void;
  /** from now on queries of the order are answered so, or go wrong on our own side */
  readonly tells: (channelOrderNo: string, answer: QueryResult | Error) => void;
  /** the order numbers that it was asked about, as often as it was */
  readonly askedAbout: () => readonly string[];
}

type Final = Exclude<ChannelResult, { outcome: 'unknown' }>;

export function fakeChannel(
  mannerOf: (order: Pick<ChannelOrderReference, 'channel' | 'channelOrderNo' | 'kind'>) => Manner,
  clock: Clock,
): FakeChannel {
  const ends = new Map<string, Final>();
  const waiting = new Map<string, PayerAction>();
  const arrivals: ChannelOrder[] = [];
  const told = new Map<string, QueryResult | Error>();
  const questions: string[] = [];

  const take = async (kind: OrderKind, order: ChannelOrder): Promise<CollectResult> => {
    arrivals.push(order);
    const { channel, channelOrderNo } = order;
    const manner = mannerOf({ channel, channelOrderNo, kind });
    if (manner === 'loses') return silence;
    const action = actionOf(order);
    const isWilling = manner === 'accepts' || manner === 'accepts_silently';
    if (action && isWilling && !ends.has(channelOrderNo)) {
      waiting.set(channelOrderNo, action);
      return manner === 'accepts' ? { outcome: 'awaiting_payer', action } : silence;
    }
    const known = ends.get(channelOrderNo) ?? (isWilling ? done(channelOrderNo, clock()) : refused(manner));
    ends.set(channelOrderNo, known);
    return manner === 'accepts_silently' && known.outcome === 'succeeded' ? silence : known;
  };
  const end = (channelOrderNo: string, result: Final): Final => {
    const known = ends.get(channelOrderNo) ?? result;
    ends.set(channelOrderNo, known);
    waiting.delete(channelOrderNo);
    return known;
  };
  const withoutPayer = async (kind: OrderKind, order: ChannelOrder): Promise<ChannelResult> => {
    const result = await take(kind, order);
    if (result.outcome === 'awaiting_payer') throw new Error(`nobody has to come for a ${kind}`);
    return result;
  };

  return {
    adapter: adapterWith({
      collect: (order) => take('collection', order),
      payout: (order) => withoutPayer('payout', order),
      refund: (order) => withoutPayer('refund', order),
      confirmCollect: async ({ channel, channelOrderNo, code }) => {
        if (!ends.has(channelOrderNo) && code !== rightCode) return wrongCode;
        const known = end(channelOrderNo, done(channelOrderNo, clock()));
        return mannerOf({ channel, channelOrderNo, kind: 'collection' }) === 'accepts_silently' ? silence : known;
      },
      query: async ({ channelOrderNo }) => {
        questions.push(channelOrderNo);
        const answer = told.get(channelOrderNo) ?? ends.get(channelOrderNo);
        if (answer instanceof Error) throw answer;
        return answer ?? { outcome: waiting.has(channelOrderNo) ? 'awaiting_payer' : 'not_found' };
      },
      cancel: async ({ channelOrderNo }) => end(channelOrderNo, closed),
    }),
    carriedOut: () => [...ends].filter(([, result]) => result.outcome === 'succeeded').map(([orderNo]) => orderNo),
    arrived: () => arrivals,
    payerPays: (channelOrderNo) => void end(channelOrderNo, done(channelOrderNo, clock())),
    payerDeclines: (channelOrderNo) => void end(channelOrderNo, refused('refuses')),
    tells: (channelOrderNo, answer) => void told.set(channelOrderNo, answer),
    askedAbout: () => questions,
  };
}

const silence = { outcome: 'unknown', cause: 'no answer in time' } as const;
const closed: Final = { outcome: 'refused', reason: 'order_closed', retryElsewhere: false };
const wrongCode = { outcome: 'refused', reason: 'wrong_code', retryElsewhere: false } as const;

const done = (channelOrderNo: string, completedAt: Date): Final => ({
  outcome: 'succeeded',
  channelTradeNo: `T-${channelOrderNo}`,
  completedAt,
});

const refused = (manner: 'refuses' | 'refuses_here'): Final => ({
  outcome: 'refused',
  reason: 'not_today',
  retryElsewhere: manner === 'refuses_here',
});

/** What the payer has to do for an order; nothing where money is withheld, paid out or given back. */
function actionOf(order: ChannelOrder): PayerAction | undefined {
  if (!('product' in order) || order.product === 'withholding') return undefined;
  return order.product === 'quick_payment'
    ? { type: 'code' }
    : { type: 'redirect', method: 'GET', url: `https://${order.channel}.example/pay/${order.channelOrderNo}` };
}
