/** Payment companies with bad manners. Each carries an order number out once, and one that was closed never. */
import {
  adapterWith,
  type ChannelAdapter,
  type ChannelResult,
  type CollectOrder,
  type PayoutOrder,
} from '../../../functions/channels/index.ts';
import type { Scheduler, Self } from '../scheduler.ts';
import type { Dice } from './dice.ts';

/**
 * What becomes of an order: done; refused; refused by this channel alone; done without a word; lost on its way; nothing is
 * heard, and it arrives some time later, unless it was closed by then.
 */
const manners = { accepts: 10, refuses: 2, refuses_here: 3, accepts_silently: 2, loses: 2, late: 3 } as const;

type ChannelOrder = CollectOrder | PayoutOrder;

type Final = Exclude<ChannelResult, { outcome: 'unknown' }>;

export interface CarriedOut {
  readonly channel: string;
  readonly order: ChannelOrder;
  readonly result: Final;
}

export interface SimulatedChannel {
  readonly adapterFor: (self: Self) => ChannelAdapter;
  /** the orders of which it knows the end, such as its statement would show them */
  readonly concluded: () => readonly CarriedOut[];
  /** how often money moved by an order number: 1, or something is wrong with this channel */
  readonly timesCarriedOut: (channelOrderNo: string) => number;
  /** from now on it answers at once, and truly */
  readonly behave: () => void;
}

const silence = { outcome: 'unknown', cause: 'no answer in time' } as const;
/** As long as an adapter waits for an answer. */
const timeoutMs = 3_000;
const longestDelayMs = 120_000;

export function simulatedChannel(scheduler: Scheduler, dice: Dice): SimulatedChannel {
  const ends = new Map<string, Final>();
  const moved = new Map<string, number>();
  const orders = new Map<string, ChannelOrder>();
  let misbehaves = true;

  /** The order as it comes in at last, on whichever of its ways. */
  const arrive = (order: ChannelOrder, refusal?: { readonly retryElsewhere: boolean }): Final => {
    const known = ends.get(order.channelOrderNo);
    if (known) return known;
    const end: Final = refusal
      ? { outcome: 'refused', reason: 'not_today', ...refusal }
      : { outcome: 'succeeded', channelTradeNo: `T-${order.channelOrderNo}`, completedAt: scheduler.now() };
    if (!refusal) moved.set(order.channelOrderNo, (moved.get(order.channelOrderNo) ?? 0) + 1);
    ends.set(order.channelOrderNo, end);
    scheduler.record(`channel ${end.outcome} ${order.channelOrderNo}`);
    return end;
  };

  const take = async (order: ChannelOrder): Promise<ChannelResult> => {
    orders.set(order.channelOrderNo, order);
    const manner = misbehaves ? dice.pickWeighted(manners) : 'accepts';
    if (manner === 'loses' || manner === 'late') {
      if (manner === 'late') {
        void scheduler.after(scheduler.between(0, longestDelayMs), () => arrive(order));
      }
      return scheduler.after(timeoutMs, () => silence);
    }
    await scheduler.after(scheduler.between(20, 800), () => {});
    const refused = manner === 'refuses' || manner === 'refuses_here';
    const end = arrive(order, refused ? { retryElsewhere: manner === 'refuses_here' } : undefined);
    if (manner === 'accepts_silently') return scheduler.after(timeoutMs, () => silence);
    return scheduler.after(scheduler.between(5, 50), () => end);
  };

  /** @param answer what it knows, at the moment when the question arrives */
  const ask = async <Answer>(answer: () => Answer): Promise<Answer | typeof silence> => {
    const unheard = misbehaves && dice.chance(0.15);
    const known = await scheduler.after(scheduler.between(5, 300), answer);
    if (unheard) return scheduler.after(timeoutMs, () => silence);
    return scheduler.after(scheduler.between(5, 50), () => known);
  };

  return {
    adapterFor: (self) =>
      adapterWith({
        collect: (order) => self.hear(take(order)),
        payout: (order) => self.hear(take(order)),
        query: ({ channelOrderNo }) =>
          self.hear(ask(() => ends.get(channelOrderNo) ?? { outcome: 'not_found' as const })),
        cancel: ({ channelOrderNo }) =>
          self.hear(
            ask(() => {
              const end = ends.get(channelOrderNo) ?? {
                outcome: 'refused',
                reason: 'order_closed',
                retryElsewhere: false,
              };
              ends.set(channelOrderNo, end);
              return end;
            }),
          ),
      }),
    concluded: () =>
      [...ends].flatMap(([channelOrderNo, result]) => {
        const order = orders.get(channelOrderNo);
        return order ? [{ channel: order.channel, order, result }] : [];
      }),
    timesCarriedOut: (channelOrderNo) => moved.get(channelOrderNo) ?? 0,
    behave: () => {
      misbehaves = false;
    },
  };
}
