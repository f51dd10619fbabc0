/** Which merchant numbers an order may go to at all: as operators have decided, whatever happens at the channels. */
import { accountingDateAt } from '../../kernel/clock.ts';
import { decimalFromMinorUnits, type Money, money } from '../../kernel/money.ts';
import { type Channel, channelCost, needsAgreement } from '../catalogue.ts';
import type { Configuration, RouteCandidate, RouteRule } from '../configuration/configuration.ts';
import { isOpenAt } from '../configuration/opening-hours.ts';
import type { Merchant } from '../merchant-store.ts';
import { countersOn, covers, type LimitCounter, limitsOn, type OrderAt } from './limits.ts';
import type { LeftReason, RoutingRequest } from './route.ts';

/** One that nothing decided stands in the way of. */
export interface Candidate {
  readonly channel: Channel;
  readonly merchant: Merchant;
  readonly priority: number;
  readonly agreementNo?: string | undefined;
  readonly cost: Money;
  readonly counters: readonly LimitCounter[];
}

export interface Left {
  readonly merchant: Merchant;
  readonly priority: number;
  readonly reason: LeftReason;
  readonly detail: string;
}

/** What the checks of one merchant number look at. */
interface Considered {
  readonly request: RoutingRequest;
  readonly configuration: Configuration;
  readonly merchant: Merchant;
  readonly channel: Channel;
}

/** Each of the institution's merchant numbers, as a candidate or as one that is left and why. */
export function screenMerchants(
  configuration: Configuration,
  merchants: readonly Merchant[],
  request: RoutingRequest,
): readonly (Candidate | Left)[] {
  const rule = ruleFor(configuration.routes, request);
  return merchants.map((merchant) => screen(configuration, merchant, rule, request));
}

export const isLeft = (screened: Candidate | Left): screened is Left => 'reason' in screened;

export const isCandidate = (screened: Candidate | Left): screened is Candidate => !isLeft(screened);

/** The most specific rule that fits: of the institution before one for all, then of the bank before one for all. */
export function ruleFor(rules: readonly RouteRule[], request: RoutingRequest): RouteRule | undefined {
  const weight = ({ institution, bank }: RouteRule): number =>
    (institution === undefined ? 0 : 2) + (bank === undefined ? 0 : 1);
  return rules
    .filter(
      ({ product, institution, bank }) =>
        product === request.product &&
        (institution === undefined || institution === request.institutionId) &&
        (bank === undefined || bank === request.bank),
    )
    .toSorted((one, other) => weight(other) - weight(one) || (one.id < other.id ? -1 : 1))[0];
}

/** One that names the merchant number goes before one that names its channel alone. */
const candidateIn = (rule: RouteRule, merchant: Merchant): RouteCandidate | undefined => {
  const fitting = rule.candidates.filter(({ channel }) => channel === merchant.channel);
  return (
    fitting.find(({ merchantNo }) => merchantNo === merchant.merchantNo) ??
    fitting.find(({ merchantNo }) => merchantNo === undefined)
  );
};

function screen(
  configuration: Configuration,
  merchant: Merchant,
  rule: RouteRule | undefined,
  request: RoutingRequest,
): Candidate | Left {
  const routed = rule && candidateIn(rule, merchant);
  const priority = routed?.priority ?? merchant.priority;
  const left = ([reason, detail]: Reason): Left => ({ merchant, priority, reason, detail });
  if (rule && !routed) return left(['not_routed', `the route ${rule.id} does not name it`]);
  const channel = configuration.channels.find(({ id }) => id === merchant.channel);
  if (!channel?.active) return left(['channel_inactive', 'the channel takes no new orders']);
  const considered = { request, configuration, merchant, channel };
  for (const check of checks) {
    const reason = check(considered);
    if (reason) return left(reason);
  }
  const { amount, at, product, agreements } = request;
  const day = accountingDateAt(at, channel.timeZone);
  return {
    channel,
    merchant,
    priority,
    agreementNo: agreements === 'assumed' ? undefined : agreements?.[channel.id]?.agreementNo,
    cost: money(channelCost(channel, { product, amount: amount.amount, day }), amount.currency),
    counters: countersOn(configuration.limits, orderAt(considered)),
  };
}

type Reason = readonly [LeftReason, detail: string];

/** In the order of {@link leftReasons}; the first that finds something has said why. */
const checks: readonly ((considered: Considered) => Reason | undefined)[] = [
  ({ merchant }) =>
    merchant.status === 'active' ? undefined : ['merchant_suspended', 'the merchant number takes no new orders'],
  ({ channel, request: { product } }) =>
    channel.products[product] ? undefined : ['product_not_offered', `the channel does not offer ${product}`],
  ({ merchant, request: { amount } }) =>
    merchant.currency === amount.currency
      ? undefined
      : ['other_currency', `the merchant number settles in ${merchant.currency}`],
  ({ merchant, request: { product, agreements } }) =>
    agreements === 'assumed' ||
    !needsAgreement(product) ||
    agreements?.[merchant.channel]?.merchantNo === merchant.merchantNo
      ? undefined
      : ['no_agreement', 'the card or account has no agreement with the channel for this merchant number'],
  (considered) => {
    const off = switchesOn(considered).find(({ on }) => !on);
    return off && ['switched_off', `the switch ${off.id} is off: ${off.reason}`];
  },
  (considered) => {
    const { at } = considered.request;
    for (const { id, maintenance, reason } of switchesOn(considered)) {
      const window = maintenance.find(({ from, to }) => from <= at && at < to);
      if (window) return ['under_maintenance', `the switch ${id} is off until ${window.to.toISOString()}: ${reason}`];
    }
    return undefined;
  },
  ({ channel, request: { product, at } }) =>
    isOpenAt(channel.products[product]?.hours, at, channel.timeZone)
      ? undefined
      : ['outside_hours', `the channel does not take ${product} at this hour`],
  (considered) => {
    const { amount } = considered.request.amount;
    const low = limitsHere(considered).find(({ minimum }) => minimum !== undefined && amount < minimum);
    return low && ['below_minimum', `the limit ${low.id} begins at ${shown(low.minimum, low.currency)}`];
  },
  (considered) => {
    const { amount } = considered.request.amount;
    const high = limitsHere(considered).find(({ maximum }) => maximum !== undefined && amount > maximum);
    return high && ['above_maximum', `the limit ${high.id} ends at ${shown(high.maximum, high.currency)}`];
  },
];

const orderAt = ({ request, channel }: Considered): OrderAt => ({ ...request, channel });

const switchesOn = (considered: Considered) =>
  considered.configuration.switches.filter((each) => covers(each, orderAt(considered)));

const limitsHere = (considered: Considered) => limitsOn(considered.configuration.limits, orderAt(considered));

/** For people: `100.00 CNY`. */
export const shown = (amount: bigint | undefined, currency: Money['currency']): string =>
  `${decimalFromMinorUnits(amount ?? 0n, currency)} ${currency}`;
