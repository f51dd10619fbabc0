/**
 * The engine of routing: from what is known of each candidate at one moment to the order in which they are asked, with the
 * reason for each that is left. A function of values; nothing is read or written here.
 */
import { type Money, money } from '../../kernel/money.ts';
import { type Candidate, isCandidate, isLeft, type Left, shown } from './candidates.ts';
import { type Circuit, mayProbe } from './circuit.ts';
import { type Counter, type CounterUse, drawFrom, roomIn, unused, withoutHeld } from './counters.ts';
import { countsNow, type Health, successRate, telling } from './health.ts';
import type { LeftReason, Observed, Reservation, Route, Routing, RoutingRequest, Verdict } from './route.ts';
import { compareWorth, expectedValue } from './value.ts';

/** Three calls of three seconds each fit into the time that a caller waits. */
export const maximumAttempts = 3;

/** A transaction has a hundred writes: a reroute gives as many back as it takes, and the postings need theirs. */
const maximumReservations = 40;

/** What there was to know at the moment of the request. */
export interface Situation {
  readonly health: (candidate: Candidate) => Health;
  /** by key of the counter */
  readonly uses: ReadonlyMap<string, CounterUse>;
  /** of a payout: what lies at the channel, where that is known */
  readonly reserve: (candidate: Candidate) => KnownReserve | undefined;
  /** whether the payment may be the one that tries an open circuit; one channel at most is tried by it */
  readonly probes: boolean;
}

export interface KnownReserve {
  readonly counter: Counter;
  readonly toldAt: Date;
}

interface Judged {
  readonly candidate: Candidate;
  readonly observed: Observed;
  readonly expectedValue: number;
  readonly circuit: Circuit;
  readonly refused?: readonly [LeftReason, detail: string];
  readonly counters: readonly Counter[];
}

export function judgeCandidates(
  screened: readonly (Candidate | Left)[],
  situation: Situation,
  request: RoutingRequest,
): Routing {
  const judged = screened.filter(isCandidate).map((candidate) => judge(candidate, situation, request));
  const fit = judged
    .filter(({ refused }) => !refused)
    .toSorted((one, other) => compareWorth(worthOf(one), worthOf(other)));
  // it goes first, whatever its rate says: that is how a channel comes back
  const probe = situation.probes ? fit.find(({ circuit }) => mayProbe(circuit, request.at)) : undefined;
  const closed = fit.filter(({ circuit }) => circuit.state === 'closed');
  const ranked = probe ? [probe, ...closed] : closed;
  const draws = new Map<string, readonly Reservation[]>();
  return {
    routes: ranked.slice(0, maximumAttempts).map((each) => routeOf(each, situation, request, draws)),
    verdicts: [
      ...ranked.map((each, place) => takenVerdict(each, place + 1, each === probe)),
      ...judged
        .filter((each) => !ranked.includes(each))
        .map(({ candidate, observed, circuit, refused = openReason(circuit) }): Verdict => {
          const [reason, detail] = refused;
          return { ...placeOf(candidate), observed, verdict: 'left', reason, detail };
        }),
      ...screened.filter(isLeft).map(leftVerdict),
    ],
  };
}

const openReason = (circuit: Circuit): readonly [LeftReason, string] => [
  'circuit_open',
  circuit.state === 'open'
    ? `too many orders went wrong; it is tried again from ${circuit.until.toISOString()}`
    : 'too many orders went wrong; one order at a time tries it',
];

function judge(candidate: Candidate, situation: Situation, request: RoutingRequest): Judged {
  const { channel, cost, counters } = candidate;
  const { amount, currency } = request.amount;
  const health = situation.health(candidate);
  const counts = countsNow(health, request.at);
  const rate = successRate(counts);
  const reserve = situation.reserve(candidate);
  const left = (counter: Counter): Money => money(roomOf(counter, situation, request), currency);
  const observed: Observed = {
    successRate: rate,
    orders: telling(counts),
    circuit: health.circuit.state,
    cost,
    limits: counters.map((counter) => ({
      limit: counter.limitId,
      per: counter.per,
      period: counter.period,
      total: money(counter.limit, currency),
      left: left(counter),
    })),
    reserve: reserve && { left: left(reserve.counter), toldAt: reserve.toldAt },
  };
  const full = observed.limits.find((limit) => limit.left.amount < amount);
  const refused: Judged['refused'] = full
    ? ['limit_exceeded', `of the ${full.period} limit ${full.limit} ${shown(full.left.amount, currency)} is left`]
    : observed.reserve && observed.reserve.left.amount < amount
      ? ['insufficient_reserve', `${shown(observed.reserve.left.amount, currency)} lies at ${channel.id} to pay out of`]
      : undefined;
  const kept = reserve ? [...counters, reserve.counter] : counters;
  return {
    candidate,
    observed,
    expectedValue: expectedValue(amount, cost.amount, rate),
    circuit: health.circuit,
    ...refusedFor(refused ?? scattered(kept, situation, request)),
    counters: kept,
  };
}

const refusedFor = (refused: Judged['refused']): Pick<Judged, 'refused'> => (refused ? { refused } : {});

/** Room that lies in very many slots of many counters is more than one transaction can take. */
function scattered(counters: readonly Counter[], situation: Situation, request: RoutingRequest): Judged['refused'] {
  if (counters.reduce((slots, counter) => slots + counter.slots, 0) <= maximumReservations) return undefined;
  const draws = counters.flatMap((counter) => draw(counter, situation, request));
  return draws.length > maximumReservations
    ? ['limit_exceeded', 'what is left under the limits lies too scattered for one order']
    : undefined;
}

const worthOf = ({ candidate, observed, expectedValue }: Judged) => ({
  priority: candidate.priority,
  successRate: observed.successRate,
  cost: candidate.cost.amount,
  expectedValue,
  channel: candidate.channel.id,
  merchantNo: candidate.merchant.merchantNo,
});

const useOf = (counter: Counter, { uses }: Situation, { held = [] }: RoutingRequest): CounterUse =>
  withoutHeld(counter, uses.get(counter.key) ?? unused, held);

const roomOf = (counter: Counter, situation: Situation, request: RoutingRequest): bigint =>
  roomIn(counter, useOf(counter, situation, request));

/** What several routes are limited by is drawn once, so that going from one to the next moves nothing. */
function routeOf(
  { candidate, counters }: Judged,
  situation: Situation,
  request: RoutingRequest,
  draws: Map<string, readonly Reservation[]>,
): Route {
  const { channel, merchant, agreementNo, cost } = candidate;
  const reservations = counters.flatMap((counter) => {
    const drawn = draws.get(counter.key) ?? draw(counter, situation, request);
    draws.set(counter.key, drawn);
    return drawn;
  });
  return { channel, merchant, agreementNo, cost, reservations };
}

function draw(counter: Counter, situation: Situation, request: RoutingRequest): readonly Reservation[] {
  const use = useOf(counter, situation, request);
  const drawn = drawFrom(counter, use, { amount: request.amount.amount, start: startOf(request) });
  if (!drawn) throw new Error(`${counter.key} has less room than was judged a moment ago`);
  return drawn;
}

/** Spreads payments over slots: two accounts that pay at once rarely begin at the same one. */
function startOf({ accountId, bindingId, at, amount }: RoutingRequest): number {
  let hash = 0;
  for (const letter of `${accountId} ${bindingId} ${at.getTime()} ${amount.amount}`) {
    hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  }
  return hash;
}

const placeOf = ({ merchant, priority }: Pick<Candidate, 'merchant' | 'priority'>) => ({
  channel: merchant.channel,
  merchantNo: merchant.merchantNo,
  priority,
});

const leftVerdict = ({ reason, detail, ...place }: Left): Verdict => ({
  ...placeOf(place),
  verdict: 'left',
  reason,
  detail,
});

const takenVerdict = ({ candidate, observed, expectedValue }: Judged, rank: number, probe: boolean): Verdict => ({
  ...placeOf(candidate),
  observed,
  verdict: 'taken',
  rank,
  probe,
  successRate: observed.successRate,
  cost: candidate.cost,
  expectedValue,
});
