/** What a payment keeps of a route, and the route that a payment is on. */
import type { Route } from '../channels/index.ts';
import type { Destination, Payment } from './payment.ts';

export const destinationOf = ({ channel, merchant, cost, reservations }: Route): Destination => ({
  channel: channel.id,
  merchantNo: merchant.merchantNo,
  settlementAccountId: merchant.accountId,
  fee: cost,
  reservations,
});

/** The route that a payment is on, and those behind it; nothing where the card or merchant number is gone since. */
export function routesFrom(payment: Payment, routes: readonly Route[]): readonly Route[] {
  const place = routes.findIndex(
    ({ channel, merchant }) => channel.id === payment.channel && merchant.merchantNo === payment.merchantNo,
  );
  return place === -1 ? [] : routes.slice(place);
}
