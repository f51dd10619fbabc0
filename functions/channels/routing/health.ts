/** How well a channel has carried out the orders of a product lately, learnt from what came of them. */
import { type Circuit, type CircuitSettings, circuitSettings } from './circuit.ts';
import type { ChannelOutcome } from './route.ts';

export type OutcomeCounts = Readonly<Record<ChannelOutcome['outcome'], number>>;

export const noOutcomes: OutcomeCounts = { succeeded: 0, declined: 0, refused: 0, silent: 0 };

/** The outcomes of one minute. */
export interface Bucket {
  /** its beginning */
  readonly at: Date;
  readonly counts: OutcomeCounts;
}

/** What is known of a channel and product. */
export interface Health {
  readonly buckets: readonly Bucket[];
  readonly circuit: Circuit;
  /** counts the changes of the circuit, so that each is conditional on the one before; 0 before the first */
  readonly version: number;
}

export interface RateSettings {
  readonly windowMinutes: number;
  /** what is believed before anything was seen, and how many orders that belief weighs as much as */
  readonly priorRate: number;
  readonly priorOrders: number;
}

/** Ten minutes: an outage shows within the first of them, and is forgotten soon after the last. */
export const rateSettings: RateSettings = { windowMinutes: 10, priorRate: 0.95, priorOrders: 20 };

export const minuteMs = 60_000;
export const minuteOf = (instant: Date): Date => new Date(Math.floor(instant.getTime() / minuteMs) * minuteMs);

/** The first minute of the window that ends now. */
export const windowStart = (now: Date, { windowMinutes }: RateSettings = rateSettings): Date =>
  new Date(minuteOf(now).getTime() - (windowMinutes - 1) * minuteMs);

/** What was seen within the window, as the rate counts it. */
export const countsNow = (health: Health, now: Date, settings: RateSettings = rateSettings): OutcomeCounts =>
  countsSince(health, windowStart(now, settings));

/**
 * Of the time since the circuit was closed last: what opened it is not held against a channel that has passed its probes. The
 * minute in which it was closed still counts what came before in it, so it is left out.
 */
function countsSince({ buckets, circuit }: Health, from: Date): OutcomeCounts {
  const seen = buckets.filter(({ at }) => at >= from && (circuit.state !== 'closed' || at >= circuit.since));
  return seen.map(({ counts }) => counts).reduce(addCounts, noOutcomes);
}

export const addCounts = (one: OutcomeCounts, other: OutcomeCounts): OutcomeCounts => ({
  succeeded: one.succeeded + other.succeeded,
  declined: one.declined + other.declined,
  refused: one.refused + other.refused,
  silent: one.silent + other.silent,
});

/** The orders that say something about the channel: not those whose card or amount was at fault. */
export const telling = ({ succeeded, refused, silent }: OutcomeCounts): number => succeeded + refused + silent;

/** Between 0 and 1, neither included: the share of good answers, drawn towards the prior while few were seen. */
export const successRate = (counts: OutcomeCounts, { priorRate, priorOrders }: RateSettings = rateSettings): number =>
  (counts.succeeded + priorRate * priorOrders) / (telling(counts) + priorOrders);

/**
 * Whether so many orders have gone wrong that the circuit opens: within the whole window, or within its last few minutes, in
 * which a busy channel shows it before its good past is out of the window. The prior has no say in it.
 */
export function hasCollapsed(health: Health, now: Date, settings: CircuitSettings = circuitSettings): boolean {
  const lately = windowStart(now, { ...rateSettings, windowMinutes: settings.collapseMinutes });
  return [countsNow(health, now), countsSince(health, lately)].some((counts) => {
    const orders = telling(counts);
    return orders >= settings.minimumOrders && counts.succeeded / orders < settings.collapseBelow;
  });
}
