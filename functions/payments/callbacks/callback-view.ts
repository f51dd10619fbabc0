/** A message of a channel as operators see it. */
import type * as z from 'zod';
import type { CallbackEvent } from '../../channels/index.ts';
import type { Callback, EventOutcome } from './callback.ts';
import type { callbackSchema } from './callback-schemas.ts';

export const callbackView = (callback: Callback): z.infer<typeof callbackSchema> => ({
  id: callback.id,
  channel: callback.channel,
  messageId: callback.messageId ?? null,
  state: callback.state,
  receivedAt: callback.receivedAt.toISOString(),
  changedAt: callback.changedAt.toISOString(),
  events: callback.events.map((event, place) => eventView(event, callback.outcomes[place])),
});

const eventView = (event: CallbackEvent, outcome: EventOutcome | undefined) => ({
  kind: event.kind,
  merchantNo: event.merchantNo,
  channelOrderNo: event.channelOrderNo,
  ...claimOf(event),
  outcome: outcome?.outcome ?? null,
  reason: outcome?.reason ?? null,
  transactionId: outcome?.paymentId ?? null,
});

function claimOf(event: CallbackEvent) {
  if (event.kind === 'payout_return') return { claim: 'returned', channelTradeNo: event.channelTradeNo } as const;
  const { result } = event;
  return result.outcome === 'succeeded'
    ? ({ claim: 'succeeded', channelTradeNo: result.channelTradeNo } as const)
    : ({ claim: 'failed', channelTradeNo: result.channelTradeNo ?? null } as const);
}
