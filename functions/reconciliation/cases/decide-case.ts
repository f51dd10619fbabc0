/** What the other operator's decision does: one transaction holds the approval, the case and what it books. */

import { findReconciliationPolicy } from '../../channels/index.ts';
import type { ApprovalId, DifferenceId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Write } from '../../kernel/write.ts';
import type { LedgerRefusal } from '../../ledger/index.ts';
import { readBatch } from '../batch-store.ts';
import { idleCheck, readHead } from '../day-store.ts';
import { changeWrite, readDifference } from '../difference-store.ts';
import { reconciliationIdOf, type StatementDay, seriesKey } from '../statement-key.ts';
import {
  type Actor,
  type Difference,
  isLive,
  isRepaired,
  rejectReopening,
  rejectResolution,
  reopenCase,
} from './case.ts';
import type { CaseBooks } from './cases.ts';
import { commitChange, type PreparedChange } from './commit-change.ts';
import { prepareResolution, type ResolutionRefusal } from './prepare-resolution.ts';
import { prepareDayReopening } from './reopen-day.ts';
import { partnerOf, takeBackPostings } from './take-back.ts';
import { urgencyOf } from './urgency.ts';

/** A decision that has not been written yet: whoever carries it out writes it along. */
export interface CaseDecision {
  readonly approvalId: ApprovalId;
  readonly differenceId: DifferenceId;
  /** client id of the operator who decides */
  readonly decidedBy: string;
  readonly reason?: string | undefined;
  readonly write: Write;
}

export type DecisionRefusal = ResolutionRefusal | LedgerRefusal | 'case_changed' | 'statement_at_work';
export type Decided = 'committed' | 'overtaken' | Refusal<DecisionRefusal>;

/**
 * The proposal is checked anew: it still waits (`case_changed` where a corrected file took the difference away, or it was
 * decided), no statement of the day is at work, and what it names still allows it. 4 read units and those of the resolution.
 */
export const approveResolution = (books: CaseBooks, decision: CaseDecision): Promise<Decided> =>
  decide(books, decision, async (difference, { actor, working }) => {
    const resolution = difference.proposal?.resolution;
    if (!resolution || resolution.kind === 'await_correction') return changed(difference);
    const prepared = await prepareResolution(books, { difference, resolution, actor });
    if (isRefusal(prepared)) return prepared;
    const idle = idleCheck(books.table, difference.series, working);
    return { ...prepared, writes: (booked) => [...prepared.writes(booked), idle] };
  });

/** The resolution is taken back and the difference is open again, and so is its day where that was settled. */
export const approveReopening = (books: CaseBooks, decision: CaseDecision): Promise<Decided> =>
  decide(books, decision, (difference, { actor }) => prepareReopening(books, difference, actor));

async function prepareReopening(
  books: CaseBooks,
  difference: Difference,
  actor: Actor,
): Promise<PreparedChange | Refusal<DecisionRefusal>> {
  const { table, clock } = books;
  if (difference.state !== 'reopening' || isRepaired(difference)) return changed(difference);
  const partner = await partnerOf(books, difference);
  const postings = [...takeBackPostings(difference, partner)];
  const writes: Write[] = [];
  const seen = new Set<string>();
  for (const each of partner ? [difference, partner] : [difference]) {
    const policy = await findReconciliationPolicy(books.channels, each.series);
    const reopened = reopenCase(each, urgencyOf(each.facts, policy, clock()), { at: clock(), ...actor });
    writes.push(changeWrite(table, each, reopened));
    // two of one day open it once
    if (seen.has(seriesKey(each.series))) continue;
    seen.add(seriesKey(each.series));
    const idle = await idleDay(books, each.series);
    if (isRefusal(idle)) return idle;
    const day = await prepareDayReopening(books, each.series, { ...idle, byDifference: each.id });
    postings.push(...(day?.postings ?? []));
    writes.push(...(day?.writes ?? [idleCheck(table, each.series, idle.working)]));
  }
  return { postings, writes: () => writes };
}

/** Who holds a day on which no version is at work: nobody, or one that has failed. 1 read unit, 2 where one holds it. */
async function idleDay(
  { table }: Pick<CaseBooks, 'table'>,
  series: StatementDay,
): Promise<{ readonly working: number | undefined } | Refusal<'statement_at_work'>> {
  const { working } = await readHead(table, series);
  if (working === undefined) return { working };
  const batch = await readBatch(table, reconciliationIdOf(series, working));
  if (batch?.status !== 'running') return { working };
  return refuse(
    'statement_at_work',
    `Version ${working} of the statement of ${series.date} is at work: ask again then.`,
  );
}

/** A corrected file may have taken the difference away meanwhile: then there is nothing to put back. */
export async function rejectProposal(books: CaseBooks, decision: CaseDecision): Promise<Decided> {
  const { table, clock } = books;
  const actor = { by: decision.decidedBy, reason: decision.reason, approvalId: decision.approvalId };
  const step = { at: clock(), ...actor };
  const difference = await readDifference(table, decision.differenceId);
  const waiting = difference ? [difference, ...(await otherOf(books, difference))].filter(isWaiting(decision)) : [];
  const result = await books.commit([
    decision.write,
    ...waiting.map((each) =>
      changeWrite(table, each, each.state === 'reopening' ? rejectReopening(each, step) : rejectResolution(each, step)),
    ),
  ]);
  return result.committed ? 'committed' : 'overtaken';
}

/** Of a proposed offset. */
async function otherOf({ table }: CaseBooks, { proposal }: Difference): Promise<Difference[]> {
  if (proposal?.resolution?.kind !== 'offset') return [];
  const other = await readDifference(table, proposal.resolution.differenceId);
  return other ? [other] : [];
}

const isWaiting =
  ({ approvalId }: Pick<CaseDecision, 'approvalId'>) =>
  (difference: Difference): boolean =>
    isLive(difference) && difference.proposal?.approvalId === approvalId;

const changed = ({ id, state }: Pick<Difference, 'id' | 'state'>) =>
  refuse('case_changed', `The difference ${id} is ${state} by now: reject the proposal.`);

/** how often it looks again when somebody else was faster on one of the accounts or the case */
const maximumTries = 5;

async function decide(
  books: CaseBooks,
  decision: CaseDecision,
  prepare: (
    difference: Difference,
    by: { readonly actor: Actor; readonly working: number | undefined },
  ) => Promise<PreparedChange | Refusal<DecisionRefusal>>,
): Promise<Decided> {
  const { approvalId, differenceId, decidedBy: by, reason } = decision;
  const actor = { by, approvalId, ...(reason !== undefined && { reason }) };
  for (let tries = 1; ; tries++) {
    const difference = await readDifference(books.table, differenceId);
    if (!difference) return refuse('case_changed', `There is no difference ${differenceId}.`);
    if (!isWaiting(decision)(difference)) return changed(difference);
    const idle = await idleDay(books, difference.series);
    if (isRefusal(idle)) return idle;
    const prepared = await prepare(difference, { actor, ...idle });
    if (isRefusal(prepared)) return prepared;
    const outcome = await commitChange(books, {
      postings: prepared.postings,
      writes: (booked) => [decision.write, ...prepared.writes(booked)],
    });
    if (isRefusal(outcome)) return outcome;
    if (outcome.outcome === 'committed') return 'committed';
    if (tries === maximumTries || outcome.broken.some(({ write }) => write === decision.write)) return 'overtaken';
  }
}
