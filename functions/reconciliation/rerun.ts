/**
 * A statement is worked on again: the same file as the next version of its day, so that what was handled since shows. An
 * operator asks for it, or it begins by itself: once the last case of a day is resolved, and where a rerun was asked for.
 */
import type { ReconciliationId } from '../kernel/ids.ts';
import { inLanes } from '../kernel/in-lanes.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Batch } from './batch.ts';
import { putBatchWrite, readBatch } from './batch-store.ts';
import { isLive } from './cases/case.ts';
import { isUnresolved } from './cases/case-states.ts';
import { countVersionWrite, readHead } from './day-store.ts';
import { differencesOfDay } from './difference-store.ts';
import { isOutOfTheWay } from './operations/versions.ts';
import { runInputOf } from './receive-statement.ts';
import type { Reconciliation } from './reconciliation.ts';
import { closeRerunRequest, dueRerunRequests, type RerunRequest, readRerunRequest } from './rerun-request-store.ts';
import { executionNameOf, isUnreadable, reconciliationIdOf, type StatementDay } from './statement-key.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'startExecution'>;

export type RerunRefusal = 'not_found' | 'not_newest_version' | 'statement_at_work' | 'reconciliation_cancelled';

/**
 * Laws, in this order: there is such a version of a day; none that came to something is newer; it has ended
 * (`statement_at_work`), and nobody has stopped it. A retry of the operation finds the version that its first try made. 4 write units, a read unit or two per version.
 */
export async function rerunStatement(
  needs: Needs,
  { id, operationId }: { readonly id: ReconciliationId; readonly operationId: string },
): Promise<Batch | Refusal<RerunRefusal>> {
  const batch = await readBatch(needs.table, id);
  if (!batch || isUnreadable(batch.series)) return refuse('not_found', 'There is no such reconciliation of a day.');
  const { series } = batch;
  for (;;) {
    const { latestVersion } = await readHead(needs.table, series);
    for (let version = latestVersion; version > batch.version; version--) {
      const newer = await readBatch(needs.table, reconciliationIdOf(series, version));
      if (newer?.startedBy === operationId) return start(needs, newer);
      if (newer && !isOutOfTheWay(newer.status)) {
        return refuse('not_newest_version', `Version ${version} of the statement of ${series.date} is newer.`);
      }
    }
    if (batch.status === 'running') return refuse('statement_at_work', 'It is at work.');
    if (batch.status === 'cancelled') {
      const why = batch.cancellation?.reason ?? '';
      return refuse('reconciliation_cancelled', `It was cancelled (${why}): start its file, if it is right after all.`);
    }
    const next = await register(needs, { batch, series, latestVersion, startedBy: operationId });
    if (next) return start(needs, next);
  }
}

/**
 * Begins where nothing of the day is open any more and something was resolved since its newest version came. Told again, it finds its
 * own version. A day whose file has line errors, or does not tie, can't be balanced by people, and is left; so is one of which a
 * corrected file has failed, since that is redriven by people.
 *
 * @returns the version that was started
 */
export async function rerunResolvedDay(needs: Needs, series: StatementDay): Promise<Batch | undefined> {
  const { table } = needs;
  const { latestVersion, concludedVersion } = await readHead(table, series);
  if (concludedVersion === 0) return undefined;
  const batch = await readBatch(table, reconciliationIdOf(series, concludedVersion));
  for (let version = latestVersion; version > concludedVersion; version--) {
    const newer = await readBatch(table, reconciliationIdOf(series, version));
    // it was registered, and its start may be lost; or another file is at work
    if (newer?.status === 'running') return newer.rerunOf ? start(needs, newer) : undefined;
    if (newer?.status === 'failed' && isOtherFile(newer, batch)) return undefined;
  }
  if (!batch?.conclusion || (batch.status !== 'differing' && batch.status !== 'reopened')) return undefined;
  if (batch.conclusion.lines.errors > 0 || !batch.conclusion.control.tied) return undefined;
  const differences = await differencesOfDay(table, series);
  if (differences.some((each) => isLive(each) && isUnresolved(each.state))) return undefined;
  if (!differences.some(({ resolved }) => resolved && resolved.at >= batch.receivedAt)) return undefined;
  const next = await register(needs, { batch, series, latestVersion, startedBy: 'resolved' });
  // else somebody else was faster
  return next && start(needs, next);
}

/**
 * Begins what was asked for (`rerun-request-store.ts`) once its time has come and no version is at work. A version that came since has seen
 * what there was to see, and one that an operator has cancelled, or whose file is turned away by now, is not begun again: the request is
 * closed. One that failed is redriven by people, and what is asked for waits; nor is a corrected file that failed passed over. Told again,
 * it finds its own version.
 *
 * @returns the version that was started
 */
export async function rerunAskedDay(needs: Needs, day: StatementDay): Promise<Batch | undefined> {
  const { table, clock } = needs;
  const request = await readRerunRequest(table, day);
  if (!request || clock() < request.notBefore) return undefined;
  const { latestVersion, concludedVersion } = await readHead(table, day);
  const batch = await readBatch(table, reconciliationIdOf(day, concludedVersion));
  for (let version = latestVersion; version > concludedVersion; version--) {
    const newer = await readBatch(table, reconciliationIdOf(day, version));
    // it was registered, and its start may be lost, whoever has asked since; or another file is at work
    if (newer?.status === 'running') return newer.rerunOf ? start(needs, newer) : undefined;
    const isSince = version > request.afterVersion;
    if (newer?.status === 'failed' && (isSince || isOtherFile(newer, batch))) return undefined;
    const isOwn = isSince && newer?.rerunOf !== undefined && newer.startedBy === request.cause;
    if (isOwn && isOutOfTheWay(newer.status)) return close(needs, request);
  }
  if (!batch || concludedVersion > request.afterVersion) return close(needs, request);
  const next = await register(needs, { batch, series: day, latestVersion, startedBy: request.cause });
  // else somebody else was faster
  return next && start(needs, next);
}

/** Else working on the concluded one again tells as much. */
const isOtherFile = (failed: Batch, concluded: Batch | undefined): boolean =>
  failed.file.sha256 !== concluded?.file.sha256;

async function close({ table }: Needs, request: RerunRequest): Promise<undefined> {
  await closeRerunRequest(table, request);
  return undefined;
}

const begunAtOnce = 50;

/** Those that wait for people stay, and keep none of the others waiting. */
const lookedAtOnce = 500;

/**
 * What waits for its time, or for a version that was at work.
 *
 * @returns what was started; the rest is for the next call
 * @throws AggregateError where some could not be begun, once the others are
 */
export async function rerunAskedDays(needs: Needs): Promise<readonly Batch[]> {
  const started: Batch[] = [];
  const due = await dueRerunRequests(needs.table, needs.clock(), lookedAtOnce);
  await inLanes(due, 4, async ({ day }) => {
    const batch = started.length < begunAtOnce ? await rerunAskedDay(needs, day) : undefined;
    if (batch) started.push(batch);
  });
  return started;
}

interface Registration {
  readonly batch: Batch;
  readonly series: StatementDay;
  readonly latestVersion: number;
  readonly startedBy: string;
}

async function register(
  { table, commit, clock }: Needs,
  { batch, series, latestVersion, startedBy }: Registration,
): Promise<Batch | undefined> {
  const version = latestVersion + 1;
  const next: Batch = {
    id: reconciliationIdOf(series, version),
    series,
    version,
    status: 'running',
    executionName: executionNameOf(series, version),
    file: batch.file,
    receivedAt: clock(),
    dueAt: batch.dueAt,
    rerunOf: batch.id,
    startedBy,
  };
  const { committed } = await commit([countVersionWrite(table, next), putBatchWrite(table, next)]);
  return committed ? next : undefined;
}

async function start({ startExecution }: Needs, batch: Batch): Promise<Batch> {
  await startExecution({ name: batch.executionName, input: runInputOf(batch) });
  return batch;
}
