/** What we tell a merchant of our own accord. */

import { bareId, idFrom } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { type EndAnswer, type EndedOrder, finalAnswer, type OrderFacts } from '../orders/order.ts';
import type { StatementLine } from '../statements/statement-line.ts';

export type CallbackEvent = { readonly channelOrderNo: string } & (
  | ({ readonly kind: OrderFacts['kind'] } & EndAnswer)
  | {
      readonly kind: 'payout_return';
      readonly tradeNo: string;
      readonly amount: bigint;
      readonly currency: Currency;
      readonly returnedAt: string;
    }
);

/** Signed by a stranger, sent long ago by its own word, or in words that were never agreed. */
export const spoiltWays = ['wrong_signature', 'stale', 'unreadable'] as const;

export type Spoilt = (typeof spoiltWays)[number];

export interface Callback extends ServedMerchant {
  readonly callbackUrl: string;
  /** names the message, however often it is sent */
  readonly messageNo: string;
  readonly events: readonly CallbackEvent[];
  /** how it is spoilt, on request */
  readonly spoilt?: Spoilt | undefined;
}

/** `heard`: the merchant answered as agreed. The status is absent where nobody answered at all. */
export interface CallbackReception {
  readonly heard: boolean;
  readonly status?: number;
  readonly attempts: number;
}

/** @returns undefined for an order whose merchant did not say where it listens */
export function callbackOfOrder(order: EndedOrder): Callback | undefined {
  if (order.state === 'closed' || order.callbackUrl === undefined) return undefined;
  const { channel, merchantNo, orderNo, callbackUrl } = order;
  const event = eventOfOrder(order);
  return {
    channel,
    merchantNo,
    callbackUrl,
    messageNo: messageNumber(order, [orderNo, event.kind, finalAnswer(order).outcome]),
    events: [event],
  };
}

export const eventOfOrder = (order: Exclude<EndedOrder, { state: 'closed' }>): CallbackEvent => ({
  kind: order.kind,
  channelOrderNo: order.orderNo,
  ...finalAnswer(order),
});

export function callbackOfReturn(payout: OrderFacts, line: StatementLine): Callback | undefined {
  const { channel, merchantNo, orderNo, callbackUrl } = payout;
  if (callbackUrl === undefined) return undefined;
  const event: CallbackEvent = {
    kind: 'payout_return',
    channelOrderNo: orderNo,
    tradeNo: line.tradeNo,
    amount: line.amount,
    currency: line.currency,
    returnedAt: line.completedAt.toISOString(),
  };
  return {
    channel,
    merchantNo,
    callbackUrl,
    messageNo: messageNumber(payout, [orderNo, event.kind]),
    events: [event],
  };
}

/** The same facts give the same number. */
export const messageNumber = ({ channel, merchantNo }: ServedMerchant, facts: readonly string[]): string =>
  bareId(idFrom('callback', channel, merchantNo, ...facts));
