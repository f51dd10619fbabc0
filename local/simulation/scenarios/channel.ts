/** Payment companies with bad manners. Each carries an order number out once, and one that was closed never. */
import {
  adapterWith,
  type CallbackEvent,
  type ChannelAdapter,
  type ChannelResult,
  type CollectOrder,
  type CollectResult,
  type OrderKind,
  type PayerAction,
  type PayoutOrder,
  type RefundOrder,
} from '../../../functions/channels/index.ts';
import type { Scheduler, Self } from '../scheduler.ts';
import type { Dice } from './dice.ts';

/**
 * What becomes of an order: done; refused; refused by this channel alone; done without a word; lost on its way; nothing is
 * heard, and it arrives some time later, unless it was closed by then.
 */
const manners = { accepts: 10, refuses: 2, refuses_here: 3, accepts_silently: 2, loses: 2, late: 3 } as const;

/** What was sent to every card holder. */
export const rightCode = '246810';

type ChannelOrder = CollectOrder | PayoutOrder | RefundOrder;

type Final = Exclude<ChannelResult, { outcome: 'unknown' }>;

export interface CarriedOut {
  readonly channel: string;
  readonly order: ChannelOrder;
  readonly result: Final;
  /** of a payout that the bank has sent back */
  readonly back?: ComeBack;
}

interface ComeBack {
  readonly channelTradeNo: string;
  readonly returnedAt: Date;
}

export interface SimulatedChannel {
  readonly adapterFor: (self: Self) => ChannelAdapter;
  /** the orders of which it knows the end, such as its statement would show them */
  readonly concluded: () => readonly CarriedOut[];
  /** how often money moved by an order number: 1, or something is wrong with this channel */
  readonly timesCarriedOut: (channelOrderNo: string) => number;
  readonly cameBack: (channelOrderNo: string) => boolean;
  /** whether it has said of an order's end once this and once that */
  readonly contradicted: (channelOrderNo: string) => boolean;
  /** from now on it answers at once, and truly */
  readonly behave: () => void;
}

/** A message as the channel sends it, under a number that never repeats. */
export interface ChannelMessage {
  readonly channel: string;
  readonly number: string;
}

const silence = { outcome: 'unknown', cause: 'no answer in time' } as const;
/** As long as an adapter waits for an answer. */
const timeoutMs = 3_000;
const longestDelayMs = 120_000;

interface Taken {
  readonly order: ChannelOrder;
  readonly kind: OrderKind;
}

/** @param call brings a message to the center, now */
export function simulatedChannel(
  scheduler: Scheduler,
  dice: Dice,
  call: (message: ChannelMessage) => void,
): SimulatedChannel {
  const ends = new Map<string, Final>();
  const moved = new Map<string, number>();
  const orders = new Map<string, Taken>();
  const waiting = new Map<string, PayerAction>();
  const backs = new Map<string, ComeBack>();
  const messages = new Map<string, CallbackEvent>();
  const contradictions = new Set<string>();
  let misbehaves = true;

  /** Some time later, at times twice, at times never: then again with the next message, or by the statement. */
  const tell = ({ channel }: ChannelOrder, event: CallbackEvent): void => {
    if (!misbehaves || dice.chance(0.4)) return;
    const number = `M-${messages.size + 1}`;
    messages.set(number, event);
    for (let copies = dice.chance(0.2) ? 3 : 1; copies > 0; copies--) {
      void scheduler.after(scheduler.between(5, longestDelayMs), () => call({ channel, number }));
    }
  };

  const end = ({ order, kind }: Taken, result: Final): Final => {
    const { channelOrderNo, merchantNo } = order;
    const known = ends.get(channelOrderNo);
    if (known) return known;
    if (result.outcome === 'succeeded') moved.set(channelOrderNo, (moved.get(channelOrderNo) ?? 0) + 1);
    ends.set(channelOrderNo, result);
    waiting.delete(channelOrderNo);
    scheduler.record(`channel ${result.outcome} ${channelOrderNo}`);
    tell(order, { kind, merchantNo, channelOrderNo, result });
    // a channel that says now this and now that moves no money by it
    if (misbehaves && dice.chance(0.02)) {
      contradictions.add(channelOrderNo);
      tell(order, { kind, merchantNo, channelOrderNo, result: contraryTo(result, order) });
    }
    if (kind === 'payout' && result.outcome === 'succeeded' && misbehaves && dice.chance(0.2)) {
      void scheduler.after(scheduler.between(1, longestDelayMs), () => sendBack(order));
    }
    return result;
  };
  const done = ({ channelOrderNo }: ChannelOrder): Final => ({
    outcome: 'succeeded',
    channelTradeNo: `T-${channelOrderNo}`,
    completedAt: scheduler.now(),
  });
  const contraryTo = ({ outcome }: Final, order: ChannelOrder): Final =>
    outcome === 'succeeded' ? { outcome: 'refused', reason: 'on_second_thought', retryElsewhere: false } : done(order);

  const sendBack = (order: ChannelOrder): void => {
    const { channelOrderNo, merchantNo, amount } = order;
    const back = { channelTradeNo: `B-${channelOrderNo}`, returnedAt: scheduler.now() };
    backs.set(channelOrderNo, back);
    scheduler.record(`channel returned ${channelOrderNo}`);
    tell(order, { kind: 'payout_return', merchantNo, channelOrderNo, amount, ...back });
  };

  /** The order as it comes in at last, on whichever of its ways: its end, or what its payer has to do. */
  const arrive = (taken: Taken, refusal?: { readonly retryElsewhere: boolean }): CollectResult => {
    const { channelOrderNo } = taken.order;
    const known = ends.get(channelOrderNo);
    if (known) return known;
    if (refusal) return end(taken, { outcome: 'refused', reason: 'not_today', ...refusal });
    const action = actionOf(taken.order);
    if (!action) return end(taken, done(taken.order));
    if (!waiting.has(channelOrderNo) && action.type === 'redirect' && dice.chance(0.7)) {
      void scheduler.after(scheduler.between(100, 2 * longestDelayMs), () => end(taken, done(taken.order)));
    }
    waiting.set(channelOrderNo, action);
    return { outcome: 'awaiting_payer', action };
  };

  const take = async (kind: OrderKind, order: ChannelOrder): Promise<CollectResult> => {
    const taken = { kind, order };
    orders.set(order.channelOrderNo, taken);
    const manner = misbehaves ? dice.pickWeighted(manners) : 'accepts';
    if (manner === 'loses' || manner === 'late') {
      if (manner === 'late') {
        void scheduler.after(scheduler.between(0, longestDelayMs), () => arrive(taken));
      }
      return scheduler.after(timeoutMs, () => silence);
    }
    await scheduler.after(scheduler.between(20, 800), () => {});
    const refused = manner === 'refuses' || manner === 'refuses_here';
    const result = arrive(taken, refused ? { retryElsewhere: manner === 'refuses_here' } : undefined);
    if (manner === 'accepts_silently') return scheduler.after(timeoutMs, () => silence);
    return scheduler.after(scheduler.between(5, 50), () => result);
  };
  const takeAlone = async (kind: OrderKind, order: ChannelOrder): Promise<ChannelResult> => {
    const result = await take(kind, order);
    if (result.outcome === 'awaiting_payer') throw new Error(`nobody has to come for a ${kind}`);
    return result;
  };

  /** @param answer what it knows, at the moment when the question arrives */
  const ask = async <Answer>(answer: () => Answer): Promise<Answer | typeof silence> => {
    const unheard = misbehaves && dice.chance(0.15);
    const known = await scheduler.after(scheduler.between(5, 300), answer);
    if (unheard) return scheduler.after(timeoutMs, () => silence);
    return scheduler.after(scheduler.between(5, 50), () => known);
  };
  const confirmed = (channelOrderNo: string, code: string): Final => {
    const known = ends.get(channelOrderNo);
    const taken = orders.get(channelOrderNo);
    if (known || !taken) return known ?? unknownOrder;
    if (!waiting.has(channelOrderNo)) return unknownOrder;
    return code === rightCode ? end(taken, done(taken.order)) : wrongCode;
  };
  const closed = (channelOrderNo: string): Final => {
    const taken = orders.get(channelOrderNo);
    const result = ends.get(channelOrderNo) ?? closedOrder;
    if (taken && !ends.has(channelOrderNo)) return end(taken, result);
    ends.set(channelOrderNo, result);
    return result;
  };

  return {
    adapterFor: (self) =>
      adapterWith({
        collect: (order) => self.hear(take('collection', order)),
        payout: (order) => self.hear(takeAlone('payout', order)),
        refund: (order) => self.hear(takeAlone('refund', order)),
        confirmCollect: ({ channelOrderNo, code }) => self.hear(ask(() => confirmed(channelOrderNo, code))),
        query: ({ channelOrderNo }) =>
          self.hear(
            ask(
              () =>
                ends.get(channelOrderNo) ??
                ({ outcome: waiting.has(channelOrderNo) ? 'awaiting_payer' : 'not_found' } as const),
            ),
          ),
        cancel: ({ channelOrderNo }) => self.hear(ask(() => closed(channelOrderNo))),
        parseCallback: async ({ body }) => {
          const event = messages.get(body);
          if (!event) return { outcome: 'rejected', reason: 'unsigned' };
          return {
            outcome: 'verified',
            messageId: body,
            events: [event],
            answer: { contentType: 'text/plain', body: 'OK' },
          };
        },
      }),
    concluded: () =>
      [...ends].flatMap(([channelOrderNo, result]) => {
        const order = orders.get(channelOrderNo)?.order;
        const back = backs.get(channelOrderNo);
        return order ? [{ channel: order.channel, order, result, ...(back && { back }) }] : [];
      }),
    timesCarriedOut: (channelOrderNo) => moved.get(channelOrderNo) ?? 0,
    cameBack: (channelOrderNo) => backs.has(channelOrderNo),
    contradicted: (channelOrderNo) => contradictions.has(channelOrderNo),
    behave: () => {
      misbehaves = false;
    },
  };
}

const closedOrder: Final = { outcome: 'refused', reason: 'order_closed', retryElsewhere: false };
const unknownOrder: Final = { outcome: 'refused', reason: 'unknown_order', retryElsewhere: false };
const wrongCode: Final = { outcome: 'refused', reason: 'wrong_code', retryElsewhere: false };

function actionOf(order: ChannelOrder): PayerAction | undefined {
  if (!('product' in order) || order.product === 'withholding') return undefined;
  return order.product === 'quick_payment'
    ? { type: 'code' }
    : { type: 'redirect', method: 'GET', url: `https://${order.channel}.example/${order.channelOrderNo}` };
}
