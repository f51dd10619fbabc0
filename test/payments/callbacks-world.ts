/** A channel that calls back in words of our own: `signed` stands for a signature that fits. */
import {
  adapterWith,
  type CallbackEvent,
  type CallbackMessage,
  type ChannelResult,
  type OrderKind,
} from '../../functions/channels/index.ts';
import { type MoneyJson, moneyFromJson, moneyToJson } from '../../functions/kernel/money.ts';
import type { Callbacks, Contradiction, Look } from '../../functions/payments/callbacks/callbacks.ts';
import { lookAgain } from '../../functions/payments/callbacks/look-again.ts';
import { type Reception, receiveCallback } from '../../functions/payments/callbacks/receive-callback.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import type { Payments } from '../../functions/payments/payments.ts';
import type { Process } from './crash.ts';

export interface Told {
  readonly messageId: string;
  readonly events: readonly CallbackEvent[];
  readonly signed?: boolean;
  readonly readable?: boolean;
}

export interface Ear {
  readonly callbacks: Callbacks;
  /** @throws where the message is refused as a whole */
  readonly hear: (told: Told, channel?: string) => Promise<Reception>;
  /** delivers looks until none is left, as if ten minutes went by */
  readonly lookUntilQuiet: () => Promise<void>;
}

/** @param looks the queue, which outlives a process */
export function earOf(
  payments: Payments,
  process: Process,
  looks: Look[] = [],
  contradicted: (told: Contradiction) => 'told' | 'later' = () => 'told',
): Ear {
  const { sandbox } = payments.channels.adapters;
  const speaking = adapterWith({
    ...sandbox,
    parseCallback: async (message) => process.call(async () => parse(message)),
  });
  const { table, commit, clock, timeZone, ledger } = payments;
  const callbacks: Callbacks = {
    ...{ table, commit, clock, timeZone, ledger },
    channels: { ...payments.channels, adapters: { sandbox: speaking } },
    looks: { send: (look) => process.call(async () => void looks.push(look)) },
    contradictions: { tell: async (told) => process.call(async () => contradicted(told)) },
  };
  return {
    callbacks,
    hear: async (told, channel = 'sandbox-wallet') => {
      const message = { channel, headers: { 'x-signed': 'by the channel' }, body: write(told), receivedAt: clock() };
      const reception = await receiveCallback(callbacks, message);
      if ('refused' in reception) throw new Error(reception.refused);
      return reception;
    },
    lookUntilQuiet: async () => {
      for (let look = looks.shift(); look !== undefined; look = looks.shift()) await lookAgain(callbacks, look);
    },
  };
}

const write = (told: Told): string =>
  JSON.stringify({
    ...told,
    events: told.events.map((event) =>
      event.kind === 'payout_return' ? { ...event, amount: moneyToJson(event.amount) } : event,
    ),
  });

function parse({ body }: CallbackMessage) {
  const { messageId, events, signed = true, readable = true } = JSON.parse(body);
  if (!signed) return { outcome: 'rejected', reason: 'wrong_signature' } as const;
  if (!readable) return { outcome: 'rejected', reason: 'unreadable' } as const;
  const revived = (events as readonly Spoken[]).map((event): CallbackEvent => {
    if (event.kind === 'payout_return') {
      return { ...event, amount: moneyFromJson(event.amount), returnedAt: new Date(event.returnedAt) };
    }
    const { result } = event;
    return result.outcome === 'succeeded'
      ? { ...event, result: { ...result, completedAt: new Date(result.completedAt) } }
      : { ...event, result };
  });
  return {
    outcome: 'verified',
    messageId: String(messageId),
    events: revived,
    answer: { contentType: 'text/plain', body: 'SUCCESS' },
  } as const;
}

/** An event as `write` has put it into JSON. */
type Spoken = Pick<CallbackEvent, 'merchantNo' | 'channelOrderNo'> &
  (
    | { readonly kind: OrderKind; readonly result: Final }
    | {
        readonly kind: 'payout_return';
        readonly channelTradeNo: string;
        readonly amount: MoneyJson;
        readonly returnedAt: string;
      }
  );

type Final = Exclude<ChannelResult, { outcome: 'unknown' }>;

export const completedAt = new Date('2026-03-01T08:00:00Z');

type Order = Pick<Payment, 'kind' | 'merchantNo' | 'channelOrderNo' | 'amount'>;

const facts = ({ kind, merchantNo, channelOrderNo }: Order) => ({
  ...{ merchantNo, channelOrderNo },
  kind: ({ top_up: 'collection', withdrawal: 'payout', refund: 'refund', return: 'payout' } as const)[kind],
});

/** Under the number that the fake channel gives. */
export const success = (order: Order, channelTradeNo = `T-${order.channelOrderNo}`): CallbackEvent => ({
  ...facts(order),
  result: { outcome: 'succeeded', channelTradeNo, completedAt },
});

export const failure = (order: Order): CallbackEvent => ({
  ...facts(order),
  result: { outcome: 'refused', reason: 'card_expired', retryElsewhere: false },
});

export const comesBack = (order: Order, amount = order.amount): CallbackEvent => ({
  merchantNo: order.merchantNo,
  channelOrderNo: order.channelOrderNo,
  kind: 'payout_return',
  channelTradeNo: `R-${order.channelOrderNo}`,
  amount,
  returnedAt: completedAt,
});
