/**
 * Which credits of a bank's statement are settlements of channels that we await: a pure function, the same whatever the order of
 * either side.
 *
 * 1. By reference: a credit whose text names a settlement belongs to it; several of either side that name each other stand together.
 * 2. By amount: a credit that is exactly what is left of one arrival, then one that lacks what the bank may have kept.
 * 3. By sum: one credit for several arrivals, or several credits for one, within a bounded search.
 *
 * What fits in two ways is left as it is, and named: a person tells which.
 */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { ArrivalClaims, AwaitedArrival, UnclearCredit } from './arrival-claims.ts';
import { claimByAmount } from './claim-by-amount.ts';
import { claimByReference } from './claim-by-reference.ts';

/** @param day of the bank's statement */
export function claimArrivals(
  lines: readonly StagedLine[],
  awaited: readonly AwaitedArrival[],
  day: AccountingDate,
): ArrivalClaims {
  const credits = lines
    .filter(({ kind, status }) => (kind === 'collection' || kind === 'credit') && status === 'succeeded')
    .toSorted((left, right) => left.lineNumber - right.lineNumber);
  const open = awaited
    .filter(({ left }) => left > 0n)
    .toSorted((left, right) => (`${left.from}#${left.id}` < `${right.from}#${right.id}` ? -1 : 1));
  const named = claimByReference(credits, open);
  const claimed = new Set(named.shares.map(({ lineNumber }) => lineNumber));
  const touched = new Set(named.shares.map(({ arrivalId }) => arrivalId));
  const rest = claimByAmount({
    credits: credits.filter(({ lineNumber }) => !claimed.has(lineNumber)),
    // of what is named in part, the rest will be named too
    arrivals: open.filter(({ id }) => !touched.has(id)),
    mentions: named.mentions,
    day,
  });
  const shares = [...named.shares, ...rest.shares];
  const done = new Set(shares.map(({ lineNumber }) => lineNumber));
  const unclear = new Map(
    [...named.unclear, ...rest.unclear].map((each): [number, UnclearCredit] => [each.lineNumber, each]),
  );
  return { shares, unclear: [...unclear.values()].filter(({ lineNumber }) => !done.has(lineNumber)) };
}
