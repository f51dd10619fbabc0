/** Which channels may take a payment, and in which order they are asked. */
import { accountingDateAt } from '../../kernel/clock.ts';
import { money } from '../../kernel/money.ts';
import { channelCost, needsAgreement } from '../catalogue.ts';
import { type Channels, findChannel } from '../channels.ts';
import { type Merchant, merchantsOf } from '../merchant-store.ts';
import type { LeftReason, Route, Routing, RoutingRequest, Verdict } from './route.ts';

/** Three calls of three seconds each fit into the time that a caller waits. */
export const maximumAttempts = 3;

/** The institution's merchant numbers, best first, each with the reason why it was taken or left. 1 read unit. */
export async function findRoutes(
  channels: Pick<Channels, 'table' | 'catalogue'>,
  request: RoutingRequest,
): Promise<Routing> {
  const routes: Route[] = [];
  const verdicts: Verdict[] = [];
  for (const merchant of await merchantsOf(channels, request.institutionId)) {
    const candidate = await consider(channels, merchant, request);
    const { channel, merchantNo, priority } = merchant;
    const place = { channel, merchantNo, priority };
    if ('left' in candidate) {
      verdicts.push({ ...place, verdict: 'left', reason: candidate.left, detail: candidate.left });
    } else {
      routes.push(candidate);
      const expectedValue = Number(request.amount.amount - candidate.cost.amount);
      const rank = routes.length;
      verdicts.push({ ...place, verdict: 'taken', rank, successRate: 1, cost: candidate.cost, expectedValue });
    }
  }
  return { routes: routes.slice(0, maximumAttempts), verdicts };
}

async function consider(
  channels: Pick<Channels, 'catalogue'>,
  merchant: Merchant,
  { product, amount, agreements, at }: RoutingRequest,
): Promise<Route | { readonly left: LeftReason }> {
  const channel = await findChannel(channels, merchant.channel);
  if (channel?.products[product] === undefined) return { left: 'product_not_offered' };
  if (merchant.currency !== amount.currency) return { left: 'other_currency' };
  const agreement = agreements?.[merchant.channel];
  if (needsAgreement(product) && agreement?.merchantNo !== merchant.merchantNo) return { left: 'no_agreement' };
  const day = accountingDateAt(at, channel.timeZone);
  const cost = money(channelCost(channel, { product, amount: amount.amount, day }), amount.currency);
  return { channel, merchant, agreementNo: agreement?.agreementNo, cost, reservations: [] };
}
