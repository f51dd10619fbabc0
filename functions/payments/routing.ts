/** Which channels may take a payment, and in which order they are asked. */

import type { Channel, Merchant } from '../channels/index.ts';
import { type Money, money } from '../kernel/money.ts';
import type { Destination, Payment, PaymentProduct } from './payment.ts';

export interface PaymentRoute extends Destination {
  readonly channelFacts: Channel;
  /** the holder's agreement with the channel, made when the card was bound */
  readonly agreementNo: string;
}

export interface RoutingFacts {
  readonly product: PaymentProduct;
  readonly amount: Money;
  /** the institution's, in ascending priority */
  readonly merchants: readonly Merchant[];
  /** of the card binding, by channel */
  readonly agreements: Readonly<Record<string, { readonly merchantNo: string; readonly agreementNo: string }>>;
  readonly findChannel: (id: string) => Channel | undefined;
  readonly costOf: (channel: Channel, product: PaymentProduct, amount: bigint) => bigint;
}

/** Three calls of three seconds each fit into the time that a caller waits. */
export const maximumAttempts = 3;

/**
 * The merchant numbers whose channel sells the product, in the payment's currency, and at which the card has an
 * agreement; at most {@link maximumAttempts}, in ascending priority.
 */
export function routesFor(facts: RoutingFacts): readonly PaymentRoute[] {
  const { product, amount } = facts;
  return facts.merchants
    .flatMap((merchant): PaymentRoute[] => {
      const channel = facts.findChannel(merchant.channel);
      const agreement = facts.agreements[merchant.channel];
      if (channel?.products[product] === undefined || merchant.currency !== amount.currency) return [];
      if (agreement?.merchantNo !== merchant.merchantNo) return [];
      return [
        {
          channelFacts: channel,
          channel: channel.id,
          merchantNo: merchant.merchantNo,
          settlementAccountId: merchant.accountId,
          agreementNo: agreement.agreementNo,
          fee: money(facts.costOf(channel, product, amount.amount), amount.currency),
        },
      ];
    })
    .slice(0, maximumAttempts);
}

/** The route that a payment is on, and those behind it; nothing where the card or merchant number is gone since. */
export function routesFrom(payment: Payment, routes: readonly PaymentRoute[]): readonly PaymentRoute[] {
  const place = routes.findIndex(
    (route) => route.channel === payment.channel && route.merchantNo === payment.merchantNo,
  );
  return place === -1 ? [] : routes.slice(place);
}
