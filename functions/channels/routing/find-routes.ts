/** Which channels may take a payment, and in which order they are asked. */
import type { Channels } from '../channels.ts';
import { type Merchant, merchantsOf } from '../merchant-store.ts';
import { type Candidate, isCandidate, screenMerchants } from './candidates.ts';
import { circuitAfter } from './circuit.ts';
import { readCounter } from './counter-store.ts';
import { readHealth, replaceCircuit } from './health-store.ts';
import { judgeCandidates, type KnownReserve, type Situation } from './judge.ts';
import { reserveCounter } from './reserve.ts';
import { findReserve } from './reserve-store.ts';
import type { Routing, RoutingRequest, Verdict } from './route.ts';

type Routed = Pick<Channels, 'table' | 'configuration' | 'health'>;

/**
 * The institution's merchant numbers, best first, each with the reason why it was taken or left, for a payment that is about to
 * be sent.
 *
 * 1 read unit for the merchant numbers, and for each candidate 1 for each limit that counts it, 2 for a merchant reserve, 1 for its
 * health every few seconds. 2 units once in a while, when the payment is the one that tries an open circuit.
 */
export async function findRoutes(channels: Routed, request: RoutingRequest): Promise<Routing> {
  const { screened, situation } = await lookAround(channels, request);
  const routing = judgeCandidates(screened, situation, request);
  const first = routing.verdicts[0];
  if (first?.verdict !== 'taken' || !first.probe) return routing;
  return (await beginProbe(channels, first, request))
    ? routing
    : judgeCandidates(screened, { ...situation, probes: false }, request);
}

/** As {@link findRoutes}, for people to see: nothing is tried and nothing changes. */
export async function explainRoutes(channels: Routed, request: RoutingRequest): Promise<Routing> {
  const { screened, situation } = await lookAround(channels, request);
  return judgeCandidates(screened, situation, request);
}

async function lookAround(channels: Routed, request: RoutingRequest) {
  const [configuration, merchants] = await Promise.all([
    channels.configuration(),
    merchantsOf(channels, request.institutionId),
  ]);
  const screened = screenMerchants(configuration, merchants, request);
  const candidates = screened.filter(isCandidate);
  return { screened, situation: await situationOf(channels, candidates, request) };
}

async function situationOf(
  channels: Routed,
  candidates: readonly Candidate[],
  request: RoutingRequest,
): Promise<Situation> {
  const [health, reserves] = await Promise.all([
    keyed(new Set(candidates.map(({ merchant }) => merchant)), (merchant) => healthOf(channels, merchant, request)),
    keyed(new Set(request.product === 'payout' ? candidates.map(({ merchant }) => merchant) : []), (merchant) =>
      reserveOf(channels, merchant),
    ),
  ]);
  const counters = [
    ...candidates.flatMap((candidate) => candidate.counters),
    ...[...reserves.values()].flatMap((reserve) => (reserve ? [reserve.counter] : [])),
  ];
  return {
    health: ({ merchant }) => {
      const known = health.get(merchant);
      if (!known) throw new Error(`nothing was read of ${merchant.merchantNo}`);
      return known;
    },
    uses: await keyed(new Set(counters.map(({ key }) => key)), (key) => readCounter(channels, key)),
    reserve: ({ merchant }) => reserves.get(merchant),
    probes: true,
  };
}

async function keyed<Key, Value>(keys: ReadonlySet<Key>, look: (key: Key) => Promise<Value>): Promise<Map<Key, Value>> {
  return new Map(await Promise.all([...keys].map(async (key) => [key, await look(key)] as const)));
}

const healthOf = ({ table, health }: Routed, { channel, merchantNo }: Merchant, { product, at }: RoutingRequest) => {
  const place = { channel, merchantNo, product };
  return health ? health(place) : readHealth({ table }, place, at);
};

async function reserveOf(channels: Routed, { channel, merchantNo }: Merchant): Promise<KnownReserve | undefined> {
  const reserve = await findReserve(channels, channel, merchantNo);
  return reserve && { counter: reserveCounter(reserve), toldAt: reserve.toldAt };
}

/** One probe at a time among all processes: the state is read afresh, and changed on condition. */
async function beginProbe(
  { table }: Routed,
  { channel, merchantNo }: Pick<Verdict, 'channel' | 'merchantNo'>,
  { product, at }: RoutingRequest,
): Promise<boolean> {
  const place = { channel, merchantNo, product };
  const { circuit, version } = await readHealth({ table }, place, at);
  const probing = circuitAfter(circuit, 'probe', at);
  return probing !== undefined && replaceCircuit({ table }, place, { version, circuit: probing });
}
