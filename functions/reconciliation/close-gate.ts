/** The close gate: whether a day may be settled. A pure function of what was concluded and of what became of its differences. */
import type { Batch, Conclusion } from './batch.ts';
import { type Difference, isLive, isRepaired } from './cases/case.ts';
import { isUnresolved } from './cases/case-states.ts';
import { netOfTotals } from './totals.ts';

export interface GateVerdict {
  readonly passed: boolean;
  /** waits for people */
  readonly open: readonly Difference[];
  /** resolved by a change of their payment while the version was at work: what it compared is out of date */
  readonly stale: readonly Difference[];
}

/**
 * Control totals tie; every line could be read; nothing is open; no resolution stands that the statement speaks against; and
 * what the channel moved is what we booked and the differences that the statement shows, to the minor unit.
 *
 * @throws Error where all is resolved and the sides still don't add up: a broken law of ours
 */
export function closeGate(
  { lines, control, theirs, ours }: Conclusion,
  differences: readonly Difference[],
  { version, receivedAt }: Pick<Batch, 'version' | 'receivedAt'>,
): GateVerdict {
  const live = differences.filter(isLive);
  const open = live.filter(({ state }) => isUnresolved(state));
  const kept = live.filter(({ keptIn }) => keptIn === version);
  const stale = differences.filter(
    (each) => each.closedIn === version && isRepaired(each) && each.resolved && each.resolved.at > receivedAt,
  );
  const resolved = open.length + kept.length + stale.length === 0;
  if (!resolved || lines.errors > 0 || !control.tied) return { passed: false, open, stale };
  const shown = live.reduce((sum, { facts }) => sum + facts.adjustment, 0n);
  const missing = netOfTotals(theirs) - netOfTotals(ours) - shown;
  if (missing !== 0n) throw new Error(`the two sides and their differences are ${missing} minor units apart`);
  return { passed: true, open, stale };
}
