/** The close gate: whether a day may be settled. A pure function of what was concluded and of what became of its differences. */
import type { Batch, Conclusion } from './batch.ts';
import { type Difference, isLive, isRepaired } from './cases/case.ts';
import { isUnresolved } from './cases/case-states.ts';
import { type GateObstacle, gateObstacles } from './gate-obstacles.ts';
import { netOfTotals } from './totals.ts';

export interface GateVerdict {
  /** none: the day may be settled */
  readonly obstacles: readonly GateObstacle[];
  /** waits for people */
  readonly open: readonly Difference[];
  /** resolved by a change of their payment while the version was at work: what it compared is out of date */
  readonly stale: readonly Difference[];
}

export interface AtGate extends Pick<Batch, 'version' | 'receivedAt'> {
  /** the file came before its day was over, and the policy lets such a one settle nothing */
  readonly isUnfinished: boolean;
}

/**
 * Control totals tie; every line could be read; nothing is open; no resolution stands that the statement speaks against; the day
 * is over; and what the channel moved is what we booked and the differences that the statement shows, to the minor unit.
 *
 * @throws Error where all is resolved and the sides still don't add up: a broken law of ours
 */
export function closeGate(
  { lines, control, theirs, ours }: Conclusion,
  differences: readonly Difference[],
  { version, receivedAt, isUnfinished }: AtGate,
): GateVerdict {
  const live = differences.filter(isLive);
  const open = live.filter(({ state }) => isUnresolved(state));
  const kept = live.filter(({ keptIn }) => keptIn === version);
  const stale = differences.filter(
    (each) => each.closedIn === version && isRepaired(each) && each.resolved && each.resolved.at > receivedAt,
  );
  const found: Readonly<Record<GateObstacle, boolean>> = {
    open_differences: open.length > 0,
    kept_resolutions: kept.length > 0,
    outdated_comparison: stale.length > 0,
    line_errors: lines.errors > 0,
    control_mismatch: !control.tied,
    day_not_over: isUnfinished,
  };
  const obstacles = gateObstacles.filter((each) => found[each]);
  if (obstacles.length > 0) return { obstacles, open, stale };
  const shown = live.reduce((sum, { facts }) => sum + facts.adjustment, 0n);
  const missing = netOfTotals(theirs) - netOfTotals(ours) - shown;
  if (missing !== 0n) throw new Error(`the two sides and their differences are ${missing} minor units apart`);
  return { obstacles, open, stale };
}
