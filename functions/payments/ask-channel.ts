/** What a payment asks of its channel, for the attempt that is current, and how that is noted in its history. */
import {
  adapterOf,
  type Channel,
  type ChannelAdapter,
  type ChannelResult,
  type CollectResult,
  findChannel,
  type OrderKind,
  type PayoutBatchResult,
  type QueryResult,
} from '../channels/index.ts';
import type { ChannelCall, Payment } from './payment.ts';
import type { OrderQueries, PaymentCalls } from './payments.ts';

/** An answer with the call that it was the answer to. */
export interface Asked<Result> {
  readonly result: Result;
  readonly call: ChannelCall;
}

/** What a kind of payment is at a channel. */
export const orderKindOf = ({ kind }: Pick<Payment, 'kind'>): OrderKind => orderKinds[kind];

const orderKinds = { top_up: 'collection', withdrawal: 'payout', refund: 'refund', return: 'payout' } as const;

/**
 * Hands the order over. A channel carries out an order number once, however often it gets it.
 *
 * @param agreementNo the holder's agreement with the channel, where the product needs one
 * @param original of a refund: the top-up that it pays back
 */
export function submitOrder(
  calls: PaymentCalls,
  payment: Payment,
  facts: { readonly agreementNo?: string | undefined; readonly original?: Payment | undefined },
): Promise<Asked<CollectResult>> {
  const { merchantNo, channelOrderNo, amount } = payment;
  const orderTo = (channel: Channel) => ({
    channel: channel.id,
    merchantNo,
    channelOrderNo,
    amount,
    callbackUrl: calls.callbackUrlOf(channel.id),
  });
  switch (payment.kind) {
    case 'top_up':
      return ask(calls, payment, 'collect', (adapter, channel) =>
        adapter.collect({ ...orderTo(channel), ...methodOf(payment, facts.agreementNo) }),
      );
    case 'withdrawal':
      return ask(calls, payment, 'payout', (adapter, channel) =>
        adapter.payout({ ...orderTo(channel), agreementNo: known(facts.agreementNo, 'agreement', payment) }),
      );
    case 'refund':
      return ask(calls, payment, 'refund', (adapter, channel) => {
        const original = known(facts.original, 'original', payment);
        const channelTradeNo = known(original.channelTradeNo, 'trade number', original);
        return adapter.refund({
          ...orderTo(channel),
          original: { channelOrderNo: original.channelOrderNo, channelTradeNo },
        });
      });
    case 'return':
      throw new Error(`${payment.id} came from its channel and is not sent to one`);
  }
}

function methodOf(payment: Payment, agreementNo: string | undefined) {
  const { product } = payment;
  switch (product) {
    case 'withholding':
    case 'quick_payment':
      return { product, agreementNo: known(agreementNo, 'agreement', payment) };
    case 'personal_ebanking':
    case 'corporate_ebanking':
      return {
        product,
        bank: known(payment.bank, 'bank', payment),
        returnUrl: known(payment.returnUrl, 'return URL', payment),
        expiresAt: known(payment.expiresAt, 'expiry', payment),
      };
    case 'payout':
    case 'verification':
      throw new Error(`${payment.id} can't collect by ${product}`);
  }
}

/** Hands over the code that the channel sent to the card holder. */
export const confirmOrder = (calls: PaymentCalls, payment: Payment, code: string): Promise<Asked<ChannelResult>> =>
  ask(calls, payment, 'confirm', (adapter, channel) =>
    adapter.confirmCollect({
      channel: channel.id,
      merchantNo: payment.merchantNo,
      channelOrderNo: payment.channelOrderNo,
      code,
    }),
  );

/** Asks what became of the order. A channel that there is no more can't say: unknown. */
export const queryOrder = (calls: OrderQueries, payment: Payment): Promise<Asked<QueryResult>> =>
  ask(calls, payment, 'query', (adapter, channel) => adapter.query(referenceTo(payment, channel)));

/** Closes an order that is not final, so that one that still arrives late is refused there. */
export const cancelOrder = (calls: PaymentCalls, payment: Payment): Promise<Asked<ChannelResult>> =>
  ask(calls, payment, 'cancel', (adapter, channel) => adapter.cancel(referenceTo(payment, channel)));

const referenceTo = (payment: Payment, { id }: Channel) => ({
  channel: id,
  kind: orderKindOf(payment),
  merchantNo: payment.merchantNo,
  channelOrderNo: payment.channelOrderNo,
});

async function ask<Result extends QueryResult | CollectResult>(
  { clock, channels }: OrderQueries,
  payment: Payment,
  operation: ChannelCall['operation'],
  call: (adapter: ChannelAdapter, channel: Channel) => Promise<Result>,
): Promise<Asked<Result | typeof unreachable>> {
  const channel = await findChannel(channels, payment.channel);
  const askedAt = clock().getTime();
  const result = channel ? await call(adapterOf(channels, channel), channel) : unreachable;
  return { result, call: { operation, ...notedAnswer(result), durationMs: clock().getTime() - askedAt } };
}

const unreachable = { outcome: 'unknown', cause: 'the channel is not in the catalogue' } as const;

/** What is noted of an answer. */
export function notedAnswer(
  result: QueryResult | CollectResult | PayoutBatchResult,
): Pick<ChannelCall, 'outcome' | 'code'> {
  switch (result.outcome) {
    case 'refused':
      return { outcome: result.retryElsewhere ? 'refused_here' : 'refused', code: result.reason };
    case 'unknown':
      return { outcome: 'unknown', code: result.cause.slice(0, 80) };
    default:
      return { outcome: result.outcome };
  }
}

function known<T>(value: T | undefined, what: string, { id }: Payment): T {
  if (value === undefined) throw new Error(`${id} has no ${what}`);
  return value;
}
