/** A day is one version's at a time: how it is taken, and how all that is written for it is held to that. */
import type { CommitWrites } from '../kernel/write.ts';
import { readBatch } from './batch-store.ts';
import { letGoOfDayWrite, readHead, takeDayWrite, workingCheck } from './day-store.ts';
import { beginPostingWrite } from './operations/batch-state-store.ts';
import { holdOffCancellation } from './operations/hold-off-cancellation.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type Rejection, reject } from './rejection.ts';
import type { PlannedRun } from './run.ts';
import { reconciliationIdOf, seriesKey } from './statement-key.ts';

type Needs = Pick<Reconciliation, 'table' | 'clock' | 'commit'>;

/** An earlier version of the day is still at work; the state machine waits and asks again. */
export class EarlierVersionRunning extends Error {
  override readonly name = 'EarlierVersionRunning';
}

/** A newer version holds the day, or has come to its end: this one writes nothing any more. */
export class DayTaken extends Error {
  override readonly name = 'DayTaken';
}

/**
 * Versions of a day post one at a time, in their order: a newer one waits while an older one runs, and an older one that
 * comes late is superseded. A version that failed holds nobody up. With the day the version takes its own end upon itself: from then on
 * it can't be cancelled, since what it claims elsewhere would stay claimed.
 *
 * 2 to 4 read units, and 4 write units the first time.
 *
 * @throws EarlierVersionRunning, ReconciliationCancelled
 */
export async function takeTurn(needs: Needs, run: PlannedRun): Promise<Rejection | undefined> {
  const { table, commit, clock } = needs;
  const { statement, version, reconciliationId } = run;
  const { working, concludedVersion } = await readHead(table, statement);
  const newer = Math.max(concludedVersion, working ?? 0);
  if (newer > version) return cameFirst(newer);
  if (concludedVersion === version) throw new DayTaken(`version ${version} of ${seriesKey(statement)} has ended`);
  if (working === version) {
    await holdOffCancellation(needs, run);
    return undefined;
  }
  if (working !== undefined) {
    const earlier = await readBatch(table, reconciliationIdOf(statement, working));
    if (earlier?.status === 'running') {
      throw new EarlierVersionRunning(`version ${working} of this statement is still at work`);
    }
  }
  const { committed } = await commit([
    takeDayWrite(table, statement, { version, from: working }),
    beginPostingWrite(table, reconciliationId, clock()),
  ]);
  if (committed) return undefined;
  await holdOffCancellation(needs, run);
  throw new EarlierVersionRunning('another version of this statement was faster');
}

/**
 * Of a version that is turned away after it took the day, before it has written anything of it: nothing works on the day any more. One that
 * has lost the day meanwhile, or let go of it before, changes nothing. 2 write units.
 */
export async function letGoOfDay(
  { table, commit }: Pick<Needs, 'table' | 'commit'>,
  { statement, version }: Pick<PlannedRun, 'statement' | 'version'>,
): Promise<void> {
  await commit([letGoOfDayWrite(table, statement, version)]);
}

export const cameFirst = (newer: number): Rejection =>
  reject('superseded', `Version ${newer} of this statement came first.`);

/**
 * Commits for a version as long as it holds its day: a worker that was slow, of a version that another one has come in place of, writes
 * nothing. 2 write units more for each transaction.
 *
 * @throws DayTaken
 */
export function committingFor(
  { table, commit }: Pick<Needs, 'table' | 'commit'>,
  { statement, version }: Pick<PlannedRun, 'statement' | 'version'>,
): CommitWrites {
  return async (writes) => {
    if (writes.length === 0) return { committed: true };
    const check = workingCheck(table, statement, version);
    const outcome = await commit([...writes, check]);
    if (!outcome.committed && outcome.broken.some(({ write }) => write === check)) {
      throw new DayTaken(`version ${version} no longer works on ${seriesKey(statement)}`);
    }
    return outcome;
  };
}
