/**
 * What no shard could match, brought together over all shards and over the days around: a pure function of what is left of both
 * sides, of what lines name elsewhere in our books, and of the pool.
 */
import type { AccountingDate } from '../kernel/clock.ts';
import {
  type Carried,
  type CarriedSide,
  type ClaimedItem,
  carriedKey,
  isClaimed,
  mayWait,
  type Waiting,
} from './carry-over.ts';
import { ignoredBy } from './compare.ts';
import { matchDailyFees } from './daily-fees.ts';
import type { Expectation } from './expectation.ts';
import { matchLeftovers, matchShard, standAlone } from './match.ts';
import { type MatchResult, mergeResults } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import { referenceOf } from './order.ts';
import type { StagedLine } from './shard-rows.ts';
import { type OtherDay, tellOtherDays } from './tell-other-days.ts';

export interface LeftSides {
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
  /** payments that lines name although this day does not expect them: open since an earlier day, or not in the index yet */
  readonly elsewhere: readonly Expectation[];
  /** days under which our books have, as done, the payments that lines name; by the line's reference */
  readonly otherDays: ReadonlyMap<string, OtherDay>;
  readonly pool: readonly Carried[];
  /** lines that the arrival check has found to be what a channel settled to this bank account */
  readonly arrived: ReadonlySet<StagedLine>;
  /** what the orders matched in the shards should have been charged, where the channel charges a day in one sum */
  readonly feesDue: bigint;
  readonly rules: MatchRules;
  readonly waiting: Waiting;
  readonly version: number;
}

export interface Brought {
  readonly result: MatchResult;
  /** lines of this file that nothing of ours stands against, those that wait among them */
  readonly unclaimed: readonly StagedLine[];
  /** lines of other days among the result's, which are not in this file */
  readonly carriedIn: number;
  /** lines of this file that wait for another day, or that one has found */
  readonly carriedOut: number;
  readonly changes: PoolChanges;
}

/** What becomes of the pool. */
export interface PoolChanges {
  readonly put: readonly Carried[];
  readonly claim: readonly Carried[];
  readonly release: readonly Carried[];
  /** what an earlier version of this day let wait, and this one does not */
  readonly drop: readonly Carried[];
  /** the same of what another day has claimed meanwhile, which has to be worked on again; and of what is there once more */
  readonly withdraw: readonly ClaimedItem[];
  readonly restore: readonly ClaimedItem[];
  /** what this day had claimed and its own day no longer shows */
  readonly forget: readonly Carried[];
}

export function bringTogether(left: LeftSides): Brought {
  const { pool, rules, waiting, version } = left;
  const { date } = waiting;
  const ownPool = pool.filter(({ origin }) => origin === date);
  const found = new Set(ownPool.filter(({ claimedBy }) => claimedBy !== undefined).map(poolName));
  const isFound = (item: CarriedSide) => found.has(poolName(item));
  const repeats = repeatsAmong(left.lines);
  const isFoundLine = (line: StagedLine) => !repeats.has(line) && isFound({ side: 'channel', line });
  // a payment of ours is not taken back by a file
  const claimedLines = ownPool.filter(isClaimed).filter(({ side }) => side === 'channel');
  const shown = new Set(left.lines.map((line) => poolName({ side: 'channel', line })));
  const withdrawn = claimedLines.filter((each) => !shown.has(poolName(each)));
  const here = left.lines.filter((line) => !left.arrived.has(line) && !isFoundLine(line));
  const isStillOurs = (expectation: Expectation) => !isFound({ side: 'own', expectation });
  const ours = left.expectations.filter(isStillOurs);
  // a line here that names what another day's statement has shown is a second one of it
  const elsewhere = left.elsewhere.filter(isStillOurs);

  // one that was repaired since it waits is compared as it is now
  const current = new Map(elsewhere.map((expectation) => [carriedKey({ side: 'own', expectation }), expectation]));
  const waitingHere = pool
    .filter((each) => each.origin !== date && (each.claimedBy ?? date) === date && !each.withdrawn)
    .map((each) =>
      each.side === 'own' ? { ...each, expectation: current.get(carriedKey(each)) ?? each.expectation } : each,
    );
  const poolLines = waitingHere.flatMap((each) => (each.side === 'channel' ? [each.line] : []));
  const poolOwn = waitingHere.flatMap((each) => (each.side === 'own' ? [each.expectation] : []));

  const byReference = matchShard({
    lines: [...here, ...poolLines],
    expectations: [...elsewhere, ...poolOwn, ...ours],
    rules,
  });
  // what a line named and did not match is expected by another day, or still open
  const looked = new Set(elsewhere);
  const expected = byReference.leftExpectations.filter((each) => !looked.has(each));
  const byTrade = matchLeftovers({ lines: byReference.leftLines, expectations: expected, rules });
  const feesDue = left.feesDue + byReference.feesDue + byTrade.feesDue;
  const afterFees = matchDailyFees(byTrade.leftLines, { feesDue, rules });

  const origins = new Map<StagedLine | Expectation, AccountingDate>(
    waitingHere.map((each) => [each.side === 'own' ? each.expectation : each.line, each.origin]),
  );
  // the days that claimed what is there no more look again: what this file shows instead may wait for them
  const lookAgain = new Set(withdrawn.map(({ claimedBy }) => claimedBy));
  const reconciled = new Set([...waiting.reconciled].filter((day) => !lookAgain.has(day)));
  const sides = {
    ...left,
    waiting: { ...waiting, reconciled },
    origins,
    repeats,
    lines: afterFees.leftLines,
    expectations: byTrade.leftExpectations,
  };
  const { lines, expectations } = splitWaiting(sides);
  const alone = standAlone({ lines: lines.done, expectations: expectations.done, rules });
  const consumed = (each: Carried): boolean =>
    each.side === 'own' ? !expectations.waiting.has(each.expectation) : !lines.waiting.has(each.line);

  const waitingLines = [...lines.waiting].filter((line) => !origins.has(line));
  const put = [
    ...waitingLines.map((line) => ({ side: 'channel', line }) as const),
    ...[...expectations.waiting]
      .filter((each) => !origins.has(each))
      .map((expectation) => ({ side: 'own', expectation }) as const),
  ].map((item): Carried => ({ ...item, origin: date, version }));
  const kept = new Set(put.map(poolName));
  const carried = [...left.lines.filter(isFoundLine), ...waitingLines];
  const claim = waitingHere.filter(consumed);
  const arrived = ignoredBy('arrival_of_settlement', [...left.arrived]);
  return {
    result: tellOtherDays(mergeResults([byReference, byTrade, afterFees, alone, arrived]), { left, origins, carried }),
    unclaimed: afterFees.leftLines.filter((line) => !origins.has(line)),
    carriedIn: claim.filter(({ side }) => side === 'channel').length,
    carriedOut: carried.length,
    changes: {
      put,
      claim,
      release: waitingHere.filter((each) => each.claimedBy === date && !consumed(each)),
      drop: ownPool.filter((each) => each.claimedBy === undefined && !kept.has(poolName(each))),
      withdraw: withdrawn.filter((each) => !each.withdrawn),
      restore: claimedLines.filter((each) => each.withdrawn && shown.has(poolName(each))),
      forget: pool.filter((each) => each.origin !== date && each.claimedBy === date && each.withdrawn),
    },
  };
}

const poolName = (each: CarriedSide): string => `${each.side} ${carriedKey(each)}`;

/** Lines to which an earlier one of the file is alike in all: the pool knows them by that, so that one waits, and what is one too many does not. */
function repeatsAmong(lines: readonly StagedLine[]): ReadonlySet<StagedLine> {
  const seen = new Set<string>();
  const inOrder = lines.toSorted((left, right) => left.lineNumber - right.lineNumber);
  return new Set(
    inOrder.filter((line) => {
      const name = carriedKey({ side: 'channel', line });
      const isRepeat = seen.has(name);
      seen.add(name);
      return isRepeat;
    }),
  );
}

interface SplitSides extends LeftSides {
  readonly repeats: ReadonlySet<StagedLine>;
  /** of what came from the pool: the day it belongs to */
  readonly origins: Origins;
}

type Origins = ReadonlyMap<StagedLine | Expectation, AccountingDate>;

/** Lines of one reference wait together, and so do a fee and its order. */
function splitWaiting({ lines, expectations, origins, repeats, otherDays, waiting, rules }: SplitSides) {
  const { date } = waiting;
  const waitingReferences = new Set<string>();
  for (const line of lines) {
    if (!canHaveCounterpart(line, rules)) continue;
    const origin = origins.get(line) ?? date;
    const expectedOn = otherDays.get(referenceOf(line))?.day;
    if (mayWait({ at: line.at, origin, expectedOn }, waiting)) waitingReferences.add(referenceOf(line));
  }
  const waits = (line: StagedLine) =>
    canHaveCounterpart(line, rules) && !repeats.has(line) && waitingReferences.has(referenceOf(line));
  const ownWaits = (each: Expectation) =>
    each.status === 'succeeded' &&
    mayWait({ at: each.completedAt, origin: origins.get(each) ?? date, expectedOn: undefined }, waiting);
  return {
    lines: { waiting: new Set(lines.filter(waits)), done: lines.filter((line) => !waits(line)) },
    expectations: {
      waiting: new Set(expectations.filter(ownWaits)),
      done: expectations.filter((each) => !ownWaits(each)),
    },
  };
}

/** Chargebacks and corrections are the channel's own, and money in another currency is not on this account: no day brings anything for them. */
const canHaveCounterpart = (line: StagedLine, { currency }: MatchRules): boolean =>
  line.kind !== 'credit' && line.kind !== 'debit' && line.currency === currency && referenceOf(line) !== 'channel:';
