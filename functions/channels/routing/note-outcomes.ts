/** Learns from what came of asking channels: counts it, and opens, tries and closes their circuits. */
import type { Clock } from '../../kernel/clock.ts';
import type { Table } from '../../kernel/table.ts';
import { type Circuit, circuitAfter } from './circuit.ts';
import {
  addCounts,
  countsNow,
  type Health,
  hasCollapsed,
  minuteOf,
  noOutcomes,
  type OutcomeCounts,
  windowStart,
} from './health.ts';
import { addOutcomes, type HealthPlace, healthShards, readHealth, replaceCircuit } from './health-store.ts';
import type { ChannelOutcome } from './route.ts';

export interface Observing {
  readonly table: Table;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A circuit that changed its state, for the log from which metrics and alarms are made. */
export interface CircuitChange extends HealthPlace {
  readonly from: Circuit['state'];
  readonly to: Circuit['state'];
  readonly counts: OutcomeCounts;
}

/**
 * Costs 1 write unit for each merchant number, product and minute among the outcomes, and 1 read unit for each merchant number and product; 1 write
 * unit more where a circuit changes. Outcomes that are delivered twice count twice; those that no window reaches any more don't
 * count.
 */
export async function noteOutcomes(
  observing: Observing,
  outcomes: readonly ChannelOutcome[],
): Promise<readonly CircuitChange[]> {
  const from = windowStart(observing.clock());
  const recent = outcomes.filter(({ at }) => at >= from);
  const byPlace = Map.groupBy(recent, ({ channel, merchantNo, product }) => `${channel} ${merchantNo} ${product}`);
  const changes = await Promise.all([...byPlace.values()].map((those) => notePlace(observing, those)));
  return changes.flat();
}

async function notePlace(observing: Observing, outcomes: readonly ChannelOutcome[]): Promise<readonly CircuitChange[]> {
  const [first] = outcomes;
  if (!first) return [];
  const { channel, merchantNo, product } = first;
  const place = { channel, merchantNo, product };
  const shard = Math.floor(observing.random() * healthShards);
  const byMinute = Map.groupBy(outcomes, ({ at }) => minuteOf(at).getTime());
  await Promise.all(
    [...byMinute].map(([minute, those]) =>
      addOutcomes(observing, place, { minute: new Date(minute), shard, counts: countsOf(those) }),
    ),
  );
  return changeCircuit(observing, place, outcomes);
}

const countsOf = (outcomes: readonly ChannelOutcome[]): OutcomeCounts =>
  outcomes.map(({ outcome }) => ({ ...noOutcomes, [outcome]: 1 })).reduce(addCounts, noOutcomes);

/** Another reader may change the circuit at the same moment; what it made is looked at again. */
const maximumTries = 5;

async function changeCircuit(
  observing: Observing,
  place: HealthPlace,
  outcomes: readonly ChannelOutcome[],
): Promise<readonly CircuitChange[]> {
  for (let tries = 0; tries < maximumTries; tries++) {
    const now = observing.clock();
    const health = await readHealth(observing, place, now);
    const counts = countsNow(health, now);
    const next = circuitFrom(health, outcomes, now);
    if (next === health.circuit) return [];
    if (await replaceCircuit(observing, place, { version: health.version, circuit: next })) {
      return next.state === health.circuit.state
        ? []
        : [{ ...place, from: health.circuit.state, to: next.state, counts }];
    }
  }
  throw new Error(
    `the circuit of ${place.merchantNo} at ${place.channel} for ${place.product} changes faster than it can be followed`,
  );
}

/** A probe's answer is one that came after the probe was sent: nobody else asks the channel meanwhile. */
function circuitFrom(health: Health, outcomes: readonly ChannelOutcome[], now: Date): Circuit {
  const { circuit } = health;
  if (circuit.state === 'closed') {
    return hasCollapsed(health, now) ? (circuitAfter(circuit, 'collapse', now) ?? circuit) : circuit;
  }
  if (circuit.state === 'open' || !circuit.probing) return circuit;
  const answers = outcomes.filter(({ at }) => at >= circuit.since);
  const answer = answers.findLast(({ outcome }) => outcome !== 'declined') ?? answers.at(-1);
  return answer ? (circuitAfter(circuit, probeEvents[answer.outcome], now) ?? circuit) : circuit;
}

const probeEvents = {
  succeeded: 'probe_passed',
  refused: 'probe_failed',
  silent: 'probe_failed',
  declined: 'probe_spoilt',
} as const;
