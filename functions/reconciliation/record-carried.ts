/** What waits for other days, and what a day has found of theirs, is written: each day that has to look again is asked to. */
import type { AccountingDate } from '../kernel/clock.ts';
import type { Write } from '../kernel/write.ts';
import type { Carried, ClaimedItem } from './carry-over.ts';
import {
  claimCarriedWrite,
  deleteCarriedWrite,
  forgetCarriedWrite,
  placeOf,
  putCarriedWrite,
  releaseCarriedWrite,
  withdrawCarriedWrite,
} from './carry-store.ts';
import { newestCheck, readHead } from './day-store.ts';
import type { PoolChanges } from './leftovers.ts';
import type { Reconciliation } from './reconciliation.ts';
import { askRerunWrite } from './rerun-request-store.ts';
import type { PlannedRun } from './run.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit' | 'clock'>;

/** Two days concluded at once and want the same item, or one that has to look again has begun to: the step is repeated, and finds what is there. */
export class CarriedMeanwhile extends Error {
  override readonly name = 'CarriedMeanwhile';
}

/** A transaction holds a hundred, three of which may be a request and checks of two days. */
const writesAtOnce = 90;

/**
 * 2 write units for each, and 2 for each ninety; 4 more where another day has to look again. Where a line is withdrawn that another day has claimed, that day is worked on again: it
 * was settled, it may be, with a line that there is no more.
 *
 * @param commit for the version that holds the day
 * @throws CarriedMeanwhile where another day has claimed at the same moment what this version matched, or a version of one that has to
 *   look again has just come
 */
export async function recordCarried(needs: Needs, { statement }: PlannedRun, changes: PoolChanges): Promise<void> {
  const { table } = needs;
  const { date } = statement;
  const { put, claim, release, drop, withdraw, restore, forget } = changes;
  await inChunks(needs, [
    ...claim.map((each) => claimCarriedWrite(table, statement, each, date)),
    ...drop.map((each) => deleteCarriedWrite(table, statement, each)),
    ...forget.map((each) => forgetCarriedWrite(table, statement, each, date)),
    ...release.map((each) => releaseCarriedWrite(table, statement, each, date)),
    ...eachOnce(put).map((each) => putCarriedWrite(table, statement, each)),
  ]);
  for (const day of new Set([...withdraw, ...restore].map(({ claimedBy }) => claimedBy))) {
    const ofDay = ({ claimedBy }: ClaimedItem) => claimedBy === day;
    const ask = await askedOf(needs, statement, day);
    await inChunks(
      needs,
      [
        ...withdraw.filter(ofDay).map((each) => withdrawCarriedWrite(table, statement, each, true)),
        ...restore.filter(ofDay).map((each) => withdrawCarriedWrite(table, statement, each, false)),
      ],
      ask,
    );
  }
}

async function askedOf({ table, clock }: Needs, statement: PlannedRun['statement'], date: AccountingDate) {
  const day = { ...statement, date };
  const { latestVersion: afterVersion } = await readHead(table, day);
  return [
    // a version that came since may have looked at the pool before
    newestCheck(table, day, afterVersion),
    askRerunWrite(table, { day, cause: 'line_withdrawn', afterVersion, notBefore: clock() }),
  ];
}

async function inChunks({ commit }: Needs, writes: readonly Write[], besides: readonly Write[] = []): Promise<void> {
  for (let from = 0; from < writes.length; from += writesAtOnce) {
    const { committed } = await commit([...writes.slice(from, from + writesAtOnce), ...besides]);
    if (!committed) throw new CarriedMeanwhile('another day claims the same, or a version of it has just come');
  }
}

const eachOnce = (items: readonly Carried[]): readonly Carried[] => [
  ...new Map(items.map((each) => [placeOf(each), each])).values(),
];
