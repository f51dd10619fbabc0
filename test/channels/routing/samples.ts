/** Channels, merchant numbers and requests that tests of routing begin with. */
import { shareFee } from '../../../functions/channels/fees.ts';
import {
  type Channel,
  type Configuration,
  channelIdSchema,
  configurationOf,
  type Limit,
  type Merchant,
  type RoutingRequest,
} from '../../../functions/channels/index.ts';
import { closedCircuit } from '../../../functions/channels/routing/circuit.ts';
import type { Health } from '../../../functions/channels/routing/health.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';

/** A Monday, 10:15 in Shanghai. */
export const morning = new Date('2026-11-23T02:15:30.000Z');

export const later = (seconds: number, from = morning): Date => new Date(from.getTime() + seconds * 1000);

export const channelOf = (id: string, facts: Partial<Channel> = {}): Channel => ({
  id: channelIdSchema.parse(id),
  name: id,
  adapter: 'sandbox',
  active: true,
  products: { withholding: { cost: shareFee(60n) }, payout: { cost: shareFee(10n) } },
  timeZone: 'Asia/Shanghai',
  statementFormats: ['sandbox-csv'],
  ...facts,
});

export const institutionId = idFrom('inst', 'harbour');

export const merchantAt = (channel: string, facts: Partial<Merchant> = {}): Merchant => ({
  channel: channelIdSchema.parse(channel),
  merchantNo: `m-${channel}`,
  institutionId,
  accountId: idFrom('acct', channel),
  currency: 'CNY',
  priority: 10,
  status: 'active',
  registeredAt: morning,
  ...facts,
});

export const requestOf = (facts: Partial<RoutingRequest> = {}): RoutingRequest => ({
  institutionId,
  product: 'withholding',
  amount: money(10_000n, 'CNY'),
  bank: 'ICBC',
  accountId: idFrom('acct', 'member'),
  bindingId: idFrom('bind', 'card'),
  agreements: 'assumed',
  at: morning,
  ...facts,
});

export const limitOf = (facts: Partial<Limit>): Limit => ({ id: 'limit', per: 'channel', currency: 'CNY', ...facts });

export const configured = (
  facts: Partial<Configuration> & { readonly channels: readonly Channel[] },
): Configuration => ({
  ...configurationOf(facts.channels),
  ...facts,
});

export const healthy: Health = { buckets: [], circuit: closedCircuit, version: 0 };
