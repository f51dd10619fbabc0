/** An operator lets a failed reconciliation go on where it stopped. */
import type { ReconciliationId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Batch } from '../batch.ts';
import { readBatch } from '../batch-store.ts';
import { readHead } from '../day-store.ts';
import { runInputOf } from '../receive-statement.ts';
import { rerunStatement } from '../rerun.ts';
import { runSchema } from '../run.ts';
import { executionNameOf } from '../statement-key.ts';
import { beginAttempt, noteFault, takeUpAgain } from './batch-state-store.ts';
import { resumableForMs, resumableSteps } from './resumption.ts';
import type { StatementOperations } from './statement-operations.ts';

export interface Redriven {
  /**
   * `new_attempt`: Step Functions could not redrive the execution, and another one goes on at the step that failed.
   * `new_version`: what it was handed there is forgotten, and it has claimed and posted by what it was: its file is worked on again as the
   * next version, which reverses what is no more. `started`: it had never been started.
   */
  readonly outcome: 'redriven' | 'new_attempt' | 'new_version' | 'started';
  readonly batch: Batch;
}

type Needs = Pick<StatementOperations, 'table' | 'commit' | 'executions' | 'clock'>;
type NotRedriven = Refusal<'not_found' | 'not_failed' | 'newer_version'>;

/** 3 to 6 write units and some read units. */
export async function redriveReconciliation(needs: Needs, id: ReconciliationId): Promise<Redriven | NotRedriven> {
  const { table, executions } = needs;
  const batch = await readBatch(table, id);
  if (!batch) return refuse('not_found', 'There is no such reconciliation.');
  const { executionName, status } = batch;
  switch (status) {
    case 'rejected':
    case 'superseded':
    case 'reopened':
    case 'cancelled':
      return refuse('not_failed', `It has ended as ${status}.`);
    case 'balanced':
    case 'differing':
      // the day has its end; what may have failed after it are the reports
      if ((await executions.stateOf(executionName)) !== 'failed')
        return refuse('not_failed', `It has ended as ${status}.`);
      return goOn(needs, batch);
    case 'running':
    case 'failed': {
      const newer = await newerVersion(table, batch);
      if (newer) return newer;
      const state = status === 'failed' ? 'failed' : await executions.stateOf(executionName);
      if (state === 'never_started') {
        await executions.start({ name: executionName, input: runInputOf(batch) });
        return { outcome: 'started', batch };
      }
      if (state !== 'failed') return refuse('not_failed', 'Its execution has not failed.');
      // where whoever tells of faults has not done so yet
      await noteFault(table, id, { executionName, redrives: batch.redrives ?? 0 });
      if (!(await takeUpAgain(table, id, executionName))) return takenUp;
      return goOn(needs, { ...batch, status: 'running' });
    }
  }
}

const takenUp = refuse('not_failed', 'Somebody else has taken it up again.');

async function goOn(needs: Needs, batch: Batch): Promise<Redriven | NotRedriven> {
  const answer = await needs.executions.redrive(batch.executionName);
  return answer === 'redriven' ? { outcome: 'redriven', batch } : attemptAgain(needs, batch);
}

/** What posts must be the newest version of its day. */
async function newerVersion(table: Needs['table'], { series, version }: Batch): Promise<NotRedriven | undefined> {
  const { working, concludedVersion } = await readHead(table, series);
  const newer = Math.max(concludedVersion, working ?? 0);
  return newer > version ? refuse('newer_version', `Version ${newer} of the statement came first.`) : undefined;
}

/**
 * Another execution of the same version, which begins at the state that failed with what that one was handed, as a redrive does.
 * Where the history is gone (after 90 days), or the working files are (after 30), it begins at the beginning, unless others have seen
 * something of it.
 */
async function attemptAgain(needs: Needs, batch: Batch): Promise<Redriven | NotRedriven> {
  const { table, executions, clock } = needs;
  const attempt = (batch.attempt ?? 1) + 1;
  const executionName = executionNameOf(batch.series, batch.version, attempt);
  const last = await executions.lastEntered(batch.executionName, resumableSteps);
  const entered = last && clock().getTime() - last.at.getTime() < resumableForMs ? last : undefined;
  if (!entered && batch.postingSince) return workAgain(needs, batch);
  const after = batch.executionName;
  if (!(await beginAttempt(table, batch.id, { attempt, executionName, after, status: batch.status }))) return takenUp;
  const next: Batch = { ...batch, attempt, executionName };
  const input = runInputOf(next);
  await executions.start({
    name: executionName,
    input: entered ? { ...runSchema.loose().parse(entered.input), ...input, resumeAt: entered.state } : input,
  });
  return { outcome: 'new_attempt', batch: next };
}

/** A retry finds the version that its first try made. */
async function workAgain(
  { table, commit, clock, executions }: Needs,
  { id, status, executionName, redrives = 0 }: Batch,
): Promise<Redriven | NotRedriven> {
  // it was taken up a moment ago, and the next version would wait for it
  if (status === 'running') await noteFault(table, id, { executionName, redrives });
  const needs = { table, commit, clock, startExecution: executions.start };
  const next = await rerunStatement(needs, { id, operationId: `redrive of ${executionName}` });
  if (!isRefusal(next)) return { outcome: 'new_version', batch: next };
  return next.refused === 'not_newest_version'
    ? refuse('newer_version', next.detail)
    : refuse('not_failed', next.detail);
}
