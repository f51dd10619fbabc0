/** Conclude: the file's verdict, the totals of both sides and the differences, new ones and those that are no more. */
import type { ReconciliationId } from '../kernel/ids.ts';
import { paymentIdOfOrder, readPayment, returnIdOf } from '../payments/index.ts';
import type { Batch, Conclusion } from './batch.ts';
import { noteConclusion, readBatch } from './batch-store.ts';
import { type ControlCheck, checkFile } from './control-totals.ts';
import { readHead, takeDay } from './day-store.ts';
import { type DifferenceFacts, differenceIdOf, digestOf } from './difference.ts';
import { type Difference, differencesOfDay, putFound } from './difference-store.ts';
import { differenceTypes } from './difference-types.ts';
import { type Expectation, expectationOf, returnExpectationOf } from './expectation.ts';
import { readJson, writeJson, writeObject, writeStream } from './files.ts';
import { frameSchema } from './frame-file.ts';
import { matchLeftovers, matchShard } from './match.ts';
import { encodeCompletions, shardResultSchema } from './match-file.ts';
import { addIgnored, type MatchResult, mergeResults, type ShardResult } from './match-result.ts';
import { mergeRanges, type StagedRange, stagedRangeSchema } from './range-summary.ts';
import type { Reconciliation } from './reconciliation.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import { encodeOutcomes } from './reports/line-outcomes.ts';
import type { PlannedRun } from './run.ts';
import type { StagedLine } from './shard-rows.ts';
import { reconciliationIdOf } from './statement-key.ts';
import { lineErrorsKey, workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'clock'> & {
  readonly payments: Pick<Reconciliation['payments'], 'table'>;
};

/** The figures that operators see in the execution. */
export interface Concluded {
  readonly lines: Conclusion['lines'];
  readonly differences: number;
  readonly completed: number;
}

/** An earlier version of the day is still at work; the state machine waits and asks again. */
export class EarlierVersionRunning extends Error {
  override readonly name = 'EarlierVersionRunning';
}

export async function concludeBatch(
  dependencies: Needs,
  run: PlannedRun,
): Promise<Concluded | { readonly rejection: Rejection }> {
  const { files, table } = dependencies;
  if (run.plan.rejection) return { rejection: run.plan.rejection };
  const file = await readRanges(dependencies, run);
  const frame = frameSchema.parse(await readJson(files, run.identified.frameKey));
  const control = checkFile(file, frame.control, run.statement);
  if (isRejection(control)) return { rejection: control };
  const superseded = await takeTurn(dependencies, run);
  if (superseded) return { rejection: superseded };

  const result = await mergeShards(dependencies, run);
  const conclusion = conclusionOf(result, file, control);
  const closing = await recordDifferences(dependencies, run, result.differences);
  const keys = workingKeys(run.reconciliationId);
  await writeJson(files, keys.completions, encodeCompletions(result.completions));
  await writeJson(files, keys.closing, closing);
  await writeStream(files, keys.outcomes, encodeOutcomes(result));
  const errorsRef = { bucket: run.file.bucket, key: lineErrorsKey(run.reconciliationId) };
  if (file.errors.length > 0) await writeObject(files, errorsRef, JSON.stringify(file.errors));
  await noteConclusion(table, run.reconciliationId, conclusion);
  return { lines: conclusion.lines, differences: result.differences.length, completed: conclusion.completed };
}

async function readRanges({ files }: Needs, { plan, reconciliationId }: PlannedRun): Promise<StagedRange> {
  const { channelSummary } = workingKeys(reconciliationId);
  const ranges: StagedRange[] = [];
  for (let range = 0; range < plan.ranges; range++) {
    ranges.push(stagedRangeSchema.parse(await readJson(files, channelSummary(range))));
  }
  return mergeRanges(ranges);
}

/**
 * Versions of a day post one at a time, in their order: a newer one waits while an older one runs, and an older one that
 * comes late is superseded. A version that failed holds nobody up.
 */
async function takeTurn({ table }: Needs, { statement, version }: PlannedRun): Promise<Rejection | undefined> {
  const { working, concludedVersion } = await readHead(table, statement);
  const newer = Math.max(concludedVersion, working ?? 0);
  if (newer > version) return reject('superseded', `Version ${newer} of this statement came first.`);
  if (working === version) return undefined;
  if (working !== undefined && (await statusOf(table, reconciliationIdOf(statement, working))) === 'running') {
    throw new EarlierVersionRunning(`version ${working} of this statement is still at work`);
  }
  if (await takeDay(table, statement, { version, from: working })) return undefined;
  throw new EarlierVersionRunning('another version of this statement was faster');
}

const statusOf = async (table: Needs['table'], id: ReconciliationId): Promise<Batch['status'] | undefined> =>
  (await readBatch(table, id))?.status;

async function mergeShards(dependencies: Needs, run: PlannedRun): Promise<MatchResult> {
  const { plan, reconciliationId, identified } = run;
  const { currency } = identified;
  const shards: ShardResult[] = [];
  for (let shard = 0; shard < plan.shards; shard++) {
    const file = await readJson(dependencies.files, workingKeys(reconciliationId).matched(shard));
    shards.push(shardResultSchema.parse(file));
  }
  const leftLines = shards.flatMap((shard) => shard.leftLines);
  const elsewhere = await findElsewhere(dependencies, run, leftLines);
  const found = matchShard({ lines: leftLines, expectations: elsewhere, currency });
  const expectations = shards.flatMap((shard) => shard.leftExpectations);
  return mergeResults([...shards, found, matchLeftovers({ lines: found.leftLines, expectations, currency })]);
}

const lookupsAtOnce = 20;

/**
 * Payments that a line names although they were not expected on this day: still open since an earlier day, or so fresh
 * that the index did not show them yet. One that succeeded on another day stays with that day. 1 read unit per line, 2 of a
 * payout that came back.
 */
async function findElsewhere(
  { payments }: Needs,
  { statement }: PlannedRun,
  lines: readonly StagedLine[],
): Promise<Expectation[]> {
  const found: Expectation[] = [];
  for (let from = 0; from < lines.length; from += lookupsAtOnce) {
    const some = lines.slice(from, from + lookupsAtOnce);
    const looked = await Promise.all(some.map((line) => expectationFor(payments.table, line, statement)));
    for (const each of looked) if (each) found.push(each);
  }
  return found;
}

async function expectationFor(
  table: Needs['payments']['table'],
  line: StagedLine,
  { channel, merchantNo, date }: PlannedRun['statement'],
): Promise<Expectation | undefined> {
  const payment = await readPayment(table, paymentIdOfOrder(line.ourReference));
  if (!payment || payment.channelOrderNo !== line.ourReference) return undefined;
  if (payment.channel !== channel || payment.merchantNo !== merchantNo) return undefined;
  const known = line.kind === 'payout_return' ? await readPayment(table, returnIdOf(payment.id)) : payment;
  if (known) {
    const expectation = expectationOf(known);
    return expectation.status !== 'succeeded' || known.statementDay === date ? expectation : undefined;
  }
  // a payout comes back whole, and only once it has gone out: what else is told is for people
  const { kind, status, amount } = payment;
  const comesBack = kind === 'withdrawal' && status !== 'failed' && status !== 'returned';
  const isWhole = line.amount === amount.amount && line.currency === amount.currency;
  return comesBack && isWhole ? returnExpectationOf(payment) : undefined;
}

/** @throws Error when a line was lost on the way, which is a fault of ours that must not go on to post. */
function conclusionOf(result: MatchResult, file: StagedRange, control: ControlCheck): Conclusion {
  const { matched, differing } = result.lines;
  const ignored = addIgnored(result.lines.ignored, file.ignored);
  const errors = file.errors.length;
  const ignoredLines = Object.values(ignored).reduce((sum, count) => sum + count, 0);
  if (matched + differing + ignoredLines + errors !== file.read) {
    throw new Error(`of ${file.read} lines, ${matched + differing + ignoredLines + errors} are accounted for`);
  }
  const byType = differenceTypes.map((type) => {
    const ofType = result.differences.filter((each) => each.type === type);
    return [type, { count: ofType.length, adjustment: ofType.reduce((sum, each) => sum + each.adjustment, 0n) }];
  });
  return {
    lines: { ...result.lines, ignored, read: file.read, errors },
    differences: Object.fromEntries(byType) as Conclusion['differences'], // fromEntries forgets the keys
    completed: result.completions.length,
    stillOpen: result.stillOpen,
    theirs: result.theirs,
    ours: result.ours,
    control,
  };
}

/**
 * Puts what is new. What an earlier version showed alike stays as it is.
 *
 * @returns what earlier versions showed and this one does not: Handle reverses it
 */
async function recordDifferences(
  { table, clock }: Needs,
  { statement, identified, version }: PlannedRun,
  all: readonly DifferenceFacts[],
): Promise<Pick<Difference, 'id' | 'openedIn'>[]> {
  const { settlementAccountId, currency } = identified;
  const present = (await differencesOfDay(table, statement)).filter(({ state }) => state !== 'superseded');
  const gone = new Map(present.map((each) => [`${each.id}#${each.digest}`, each]));
  for (const facts of all) {
    const id = differenceIdOf(settlementAccountId, statement.date, facts);
    const digest = digestOf(facts);
    if (gone.delete(`${id}#${digest}`)) continue;
    const found = { id, facts, digest, state: 'found', openedIn: version, settlementAccountId, currency } as const;
    await putFound(table, statement, { ...found, foundAt: clock() });
  }
  return [...gone.values()].map(({ id, openedIn }) => ({ id, openedIn }));
}
