/**
 * Handle: opens a settled day again, completes payments that only the statement told of, reverses the differences that a
 * corrected file no longer shows, asks the channel about payments that the statement lacks, books each new difference and
 * resolves what the policy resolves. A difference changes its state
 * in the transaction of its posting, so that open cases add up to the suspense accounts after every write.
 */
import * as z from 'zod';
import { findReconciliationPolicy, type ReconciliationPolicy } from '../channels/index.ts';
import { idSchema } from '../kernel/ids.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { askAboutMissing } from './cases/ask-channel.ts';
import { type Difference, isLive } from './cases/case.ts';
import { commitChange } from './cases/commit-change.ts';
import { openDifference, resolveByPolicy } from './cases/open-difference.ts';
import { prepareDayReopening } from './cases/reopen-day.ts';
import { mustWork, withdrawDifference } from './cases/withdraw-difference.ts';
import { completePayments } from './complete-payments.ts';
import { differencesOfDay } from './difference-store.ts';
import { readJson } from './files.ts';
import { completionsSchema } from './match-file.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { PlannedRun } from './run.ts';
import { workingKeys } from './working-keys.ts';

type Needs = Pick<
  Reconciliation,
  'table' | 'files' | 'clock' | 'commit' | 'ledger' | 'payments' | 'channels' | 'adapters'
>;

export interface Handled {
  readonly completed: number;
  readonly opened: number;
  /** about how many payments that the statement lacks the channel has been asked */
  readonly asked: number;
  readonly reversed: number;
  /** by policy, without a person */
  readonly resolved: number;
  /** whose resolution could not be taken back */
  readonly kept: number;
}

const closingSchema = z.array(z.object({ id: idSchema('diff'), openedIn: z.int() }));

/** One transaction per difference, one more where its channel is asked or a policy resolves it: 8 write units for its posting, 10 for the rest. */
export async function handleDifferences(dependencies: Needs, run: PlannedRun): Promise<Handled> {
  const { table, files, channels } = dependencies;
  const keys = workingKeys(run.reconciliationId);
  const completions = completionsSchema.parse(await readJson(files, keys.completions));
  const closing = closingSchema.parse(await readJson(files, keys.closing));
  const policy = await findReconciliationPolicy(channels, run.statement);
  await reopenSettledDay(dependencies, run);
  const completed = await completePayments(dependencies, run, completions);

  const present = (await differencesOfDay(table, run.statement)).filter(isLive);
  // a truncated file may have lacked as many as a day may have
  const gone = new Set(closing.map(nameOf));
  const isGone = (difference: Difference) => gone.has(nameOf(difference));
  const working = { series: run.statement, version: run.version };
  // reversals go first: what a corrected file shows otherwise is never counted twice
  const withdrawn: string[] = [];
  for (const difference of present.filter(isGone)) {
    withdrawn.push(await withdrawDifference(dependencies, working, difference));
  }
  const found = present.filter((each) => each.state === 'found' && !isGone(each));
  const coming = await askAboutMissing(dependencies, working, { coming: found, present });
  const { institutionId } = run.identified;
  for (const difference of coming) await openDifference(dependencies, working, { difference, institutionId, policy });
  return {
    completed,
    opened: coming.length,
    asked: coming.filter(({ channelAnswer }) => channelAnswer?.askedAt).length,
    reversed: withdrawn.filter((each) => each === 'superseded').length,
    resolved: await applyPolicy(dependencies, run, policy),
    kept: withdrawn.filter((each) => each === 'kept').length,
  };
}

const nameOf = ({ id, openedIn }: Pick<Difference, 'id' | 'openedIn'>): string => `${id}#${openedIn}`;

/** A newer version has its say about the whole day: what an older one has settled is reversed, and settled anew in full. */
async function reopenSettledDay(dependencies: Needs, { statement, version }: PlannedRun): Promise<void> {
  const reopening = await prepareDayReopening(dependencies, statement, { working: version, byVersion: version });
  if (!reopening) return;
  const { postings, writes } = reopening;
  const outcome = await commitChange(dependencies, { postings, writes: () => writes });
  if (isRefusal(outcome)) throw new Error(`the settlement can't be reversed: ${outcome.detail}`);
  // or its answer was lost: then the day is open, and this version still holds it
  if (outcome.outcome === 'overtaken') await mustWork(dependencies, { series: statement, version });
}

/** Whatever is open, and was not reopened by a person. */
async function applyPolicy(dependencies: Needs, run: PlannedRun, policy: ReconciliationPolicy): Promise<number> {
  const working = { series: run.statement, version: run.version };
  let resolved = 0;
  for (const difference of (await differencesOfDay(dependencies.table, run.statement)).filter(isLive)) {
    if (await resolveByPolicy(dependencies, working, { difference, policy })) resolved += 1;
  }
  return resolved;
}
