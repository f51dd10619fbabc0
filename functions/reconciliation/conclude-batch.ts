/** Conclude: the file's verdict, the totals of both sides and the differences, new ones and those that are no more. */
import type { DifferenceId } from '../kernel/ids.ts';
import type { Write } from '../kernel/write.ts';
import type { UnclearCredit } from './arrivals/arrival-claims.ts';
import { awaitArrivals } from './arrivals/await-arrivals.ts';
import type { Conclusion } from './batch.ts';
import { noteConclusionWrite } from './batch-store.ts';
import { isLive, placeOf } from './cases/case.ts';
import { checkFile } from './control-totals.ts';
import { readHead } from './day-store.ts';
import { type DifferenceFacts, differenceIdOf, digestOf } from './difference.ts';
import { type Difference, differencesOfDay, moveWrite, putFoundWrites } from './difference-store.ts';
import { differenceTypes } from './difference-types.ts';
import { readJson, writeJson, writeObject, writeStream } from './files.ts';
import { frameSchema } from './frame-file.ts';
import { cameFirst, committingFor, DayTaken, letGoOfDay, takeTurn } from './hold-day.ts';
import type { Brought } from './leftovers.ts';
import { matchDay } from './match-day.ts';
import { encodeCompletions } from './match-file.ts';
import { addIgnored, type MatchResult } from './match-result.ts';
import { mergeRanges, type StagedRange, stagedRangeSchema } from './range-summary.ts';
import type { Reconciliation } from './reconciliation.ts';
import { recordCarried } from './record-carried.ts';
import { isRejection, type Rejection } from './rejection.ts';
import { encodeOutcomes } from './reports/line-outcomes.ts';
import type { PlannedRun } from './run.ts';
import { lineErrorsKey, workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'clock' | 'commit'> & {
  readonly channels: Pick<Reconciliation['channels'], 'table'>;
  readonly payments: Pick<Reconciliation['payments'], 'table'>;
};

/** The figures that operators see in the execution. */
export interface Concluded {
  readonly lines: Conclusion['lines'];
  readonly differences: number;
  readonly completed: number;
  /** credits of a bank's statement that may be one of several settlements */
  readonly unclearCredits: readonly UnclearCredit[];
}

/** As many as an execution's state has room for. */
const maximumUnclear = 20;

/** What the version has posted under this name is something else: it can't be drawn again, and its file is worked on again as the next one. */
export class PostedOtherwise extends Error {
  override readonly name = 'PostedOtherwise';
}

export async function concludeBatch(
  dependencies: Needs,
  run: PlannedRun,
): Promise<Concluded | { readonly rejection: Rejection }> {
  const { files } = dependencies;
  if (run.plan.rejection) return { rejection: run.plan.rejection };
  const file = await readRanges(dependencies, run);
  const frame = frameSchema.parse(await readJson(files, run.identified.frameKey));
  const control = checkFile(file, frame.control, run.statement);
  if (isRejection(control)) return { rejection: control };
  const superseded = await takeTurn(dependencies, run);
  if (superseded) return { rejection: superseded };
  try {
    const concluded = await conclude(heldTo(dependencies, run), run, { file, control });
    if ('rejection' in concluded) await letGoOfDay(dependencies, run);
    return concluded;
  } catch (error) {
    const newer = error instanceof DayTaken ? await versionAfter(dependencies, run) : undefined;
    if (newer === undefined) throw error;
    return { rejection: cameFirst(newer) };
  }
}

/** Whatever is written from here on is written only while this version holds its day. */
const heldTo = (dependencies: Needs, run: PlannedRun): Needs => {
  const { table, files, clock, channels, payments } = dependencies;
  return { table, files, clock, channels, payments, commit: committingFor(dependencies, run) };
};

async function versionAfter({ table }: Needs, { statement, version }: PlannedRun): Promise<number | undefined> {
  const { working, concludedVersion } = await readHead(table, statement);
  const newer = Math.max(concludedVersion, working ?? 0);
  return newer > version ? newer : undefined;
}

async function conclude(
  dependencies: Needs,
  run: PlannedRun,
  { file, control }: { readonly file: StagedRange; readonly control: Conclusion['control'] },
): Promise<Concluded | { readonly rejection: Rejection }> {
  const { files, table, commit } = dependencies;
  const matched = await matchDay(dependencies, run);
  if (isRejection(matched)) return { rejection: matched };
  const { result, carriedIn, carriedOut, changes, unclear } = matched;
  const conclusion = conclusionOf(result, file, { control, carriedIn, carriedOut });
  await recordCarried(dependencies, run, changes);
  const { institutionId } = run.identified;
  await awaitArrivals(
    dependencies,
    { statement: run.statement, version: run.version, institutionId },
    result.settlements,
  );
  const closing = await recordDifferences(dependencies, run, result.differences);
  const keys = workingKeys(run.reconciliationId);
  await writeJson(files, keys.completions, encodeCompletions(result.completions));
  await writeJson(files, keys.closing, closing);
  await writeStream(files, keys.outcomes, encodeOutcomes({ result, changes }));
  const errorsRef = { bucket: run.file.bucket, key: lineErrorsKey(run.reconciliationId) };
  if (file.errors.length > 0) await writeObject(files, errorsRef, JSON.stringify(file.errors));
  const noted = await commit([noteConclusionWrite(table, run.reconciliationId, conclusion)]);
  if (!noted.committed) throw new Error(`there is no version ${run.version} of ${run.statement.date}`);
  return {
    lines: conclusion.lines,
    differences: result.differences.length,
    completed: conclusion.completed,
    unclearCredits: unclear.slice(0, maximumUnclear),
  };
}

async function readRanges({ files }: Needs, { plan, reconciliationId }: PlannedRun): Promise<StagedRange> {
  const { channelSummary } = workingKeys(reconciliationId);
  let file = mergeRanges([]);
  for (let range = 0; range < plan.ranges; range++) {
    file = mergeRanges([file, stagedRangeSchema.parse(await readJson(files, channelSummary(range)))]);
  }
  return file;
}

/** @throws Error when a line was lost on the way, which is a fault of ours that must not go on to post. */
function conclusionOf(
  result: MatchResult,
  file: StagedRange,
  { control, carriedIn, carriedOut }: Pick<Conclusion, 'control'> & Pick<Brought, 'carriedIn' | 'carriedOut'>,
): Conclusion {
  const { matched, differing } = result.lines;
  const ignored = addIgnored(result.lines.ignored, file.ignored);
  const errors = file.errors.length;
  const ignoredLines = Object.values(ignored).reduce((sum, count) => sum + count, 0);
  const accountedFor = matched + differing + ignoredLines + errors + carriedOut - carriedIn;
  if (accountedFor !== file.read) throw new Error(`of ${file.read} lines, ${accountedFor} are accounted for`);
  const byType = differenceTypes.map((type) => {
    const ofType = result.differences.filter((each) => each.type === type);
    return [type, { count: ofType.length, adjustment: ofType.reduce((sum, each) => sum + each.adjustment, 0n) }];
  });
  return {
    lines: { ...result.lines, ignored, read: file.read, errors, carriedIn, carriedOut },
    differences: Object.fromEntries(byType) as Conclusion['differences'], // fromEntries forgets the keys
    completed: result.completions.length,
    stillOpen: result.stillOpen,
    theirs: result.theirs,
    ours: result.ours,
    control,
  };
}

/** Of two writes at most each, and a check. */
const putAtOnce = 40;

/**
 * Puts what is new. What an earlier version showed alike stays as it is, and only its line is noted where that is another one.
 *
 * @returns what earlier versions showed and this one does not: Handle reverses it
 * @throws PostedOtherwise
 */
async function recordDifferences(
  { table, clock, commit }: Needs,
  { statement, identified, version }: PlannedRun,
  all: readonly DifferenceFacts[],
): Promise<Pick<Difference, 'id' | 'openedIn'>[]> {
  const { settlementAccountId, currency } = identified;
  const present = (await differencesOfDay(table, statement)).filter(isLive);
  const gone = new Map(present.map((each) => [`${each.id}#${each.digest}`, each]));
  // made when they are committed: the writes of a difference take several times its facts
  const moved: (() => readonly Write[])[] = [];
  const put = new Map<DifferenceId, () => readonly Write[]>();
  for (const facts of all) {
    const id = differenceIdOf(settlementAccountId, statement.date, facts);
    const digest = digestOf(facts);
    const same = gone.get(`${id}#${digest}`);
    if (same) {
      gone.delete(`${id}#${digest}`);
      const { lineNumber } = facts;
      if (placeOf(same).lineNumber !== lineNumber) moved.push(() => [moveWrite(table, same, { version, lineNumber })]);
      continue;
    }
    const found = { id, facts, digest, openedIn: version, settlementAccountId, currency, foundAt: clock() };
    put.set(id, () => putFoundWrites(table, statement, found));
  }
  const writes = [...moved, ...put.values()];
  for (let from = 0; from < writes.length; from += putAtOnce) {
    const { committed } = await commit(writes.slice(from, from + putAtOnce).flatMap((write) => write()));
    if (!committed) throw new PostedOtherwise(`version ${version} of ${statement.date} has posted something else`);
  }
  // a repeat of the step may find something else under the same name: that was put over it
  const leaving = [...gone.values()].filter(({ id, openedIn }) => openedIn !== version || !put.has(id));
  return leaving.map(({ id, openedIn }) => ({ id, openedIn }));
}
