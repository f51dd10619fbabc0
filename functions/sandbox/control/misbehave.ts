import { type Refusal, refuse } from '../../kernel/refusal.ts';
import {
  type Callback,
  type CallbackEvent,
  type CallbackReception,
  eventOfOrder,
  messageNumber,
  spoiltWays,
} from '../callbacks/callback.ts';
import {
  finalAnswer,
  type Order,
  type OrderFacts,
  type OrderReference,
  refused,
  toTheSecond,
  tradeNumber,
} from '../orders/order.ts';
import { findOrder } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';

/** How a callback can go wrong; the table for readers is in the README. */
export const misbehaviours = ['again', 'contradict', 'unknown_order', 'late', ...spoiltWays] as const;

export type Misbehaviour = (typeof misbehaviours)[number];

export interface MisbehaveCommand extends OrderReference {
  readonly misbehaviour: Misbehaviour;
  /** instead of the order's own */
  readonly callbackUrl?: string | undefined;
  readonly delaySeconds: number;
}

export type MisbehaveAnswer = { readonly messageNo: string } & (CallbackReception | { readonly delaySeconds: number });

export type MisbehaveRefusal = 'order_unknown' | 'order_not_ended' | 'callback_url_unknown';

/** Sends one callback about an order in a way that no good company would; the books stay as they are. */
export async function misbehave(
  sandbox: Sandbox,
  command: MisbehaveCommand,
): Promise<MisbehaveAnswer | Refusal<MisbehaveRefusal>> {
  const { channel, merchantNo, orderNo, misbehaviour, delaySeconds } = command;
  const order = await findOrder(sandbox, command);
  if (!order && misbehaviour !== 'unknown_order') return refuse('order_unknown', 'There is no order of this number.');
  const callbackUrl = command.callbackUrl ?? (order && 'callbackUrl' in order ? order.callbackUrl : undefined);
  if (callbackUrl === undefined) return refuse('callback_url_unknown', 'The order came without a callback URL.');
  const event = eventFor(sandbox, command, order);
  if (!event) return refuse('order_not_ended', 'Of an order that has not ended there is nothing to tell.');

  const outcome = event.kind === 'payout_return' ? event.kind : event.outcome;
  const callback: Callback = {
    channel,
    merchantNo,
    callbackUrl,
    // the same number as the true message has, so that a second one is known as such
    messageNo: messageNumber(command, [orderNo, event.kind, outcome]),
    events: [event],
    spoilt: spoiltWays.find((way) => way === misbehaviour),
  };
  if (misbehaviour === 'late') {
    await sandbox.callBackLater(callback, delaySeconds);
    return { messageNo: callback.messageNo, delaySeconds };
  }
  return { messageNo: callback.messageNo, ...(await sandbox.callBack(callback)) };
}

function eventFor(
  sandbox: Sandbox,
  { misbehaviour, ...reference }: MisbehaveCommand,
  order: Order | undefined,
): CallbackEvent | undefined {
  if (misbehaviour === 'unknown_order') return successOf(sandbox, reference, 'collection');
  if (!order) return undefined;
  const kind = order.state === 'closed' ? 'collection' : order.kind;
  if (misbehaviour === 'contradict') {
    return order.state === 'succeeded'
      ? { kind, channelOrderNo: order.orderNo, ...refused('payer_refused') }
      : successOf(sandbox, reference, kind);
  }
  if (order.state === 'awaiting') return undefined;
  return order.state === 'closed'
    ? { kind, channelOrderNo: order.orderNo, ...finalAnswer(order) }
    : eventOfOrder(order);
}

function successOf(
  { clock }: Sandbox,
  { channel, merchantNo, orderNo }: OrderReference,
  kind: OrderFacts['kind'],
): CallbackEvent {
  const completedAt = toTheSecond(clock());
  return {
    kind,
    channelOrderNo: orderNo,
    outcome: 'succeeded',
    tradeNo: tradeNumber('4200', 'never', { channel, merchantNo, orderNo }, completedAt),
    completedAt: completedAt.toISOString(),
  };
}
