/** One operator proposes, another decides; what was proposed happens in the same transaction as the decision. */
import type { Clock } from '../kernel/clock.ts';
import type { ApprovalId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites, Write } from '../kernel/write.ts';
import { type Decision, decisions } from './approval-states.ts';
import { type Approval, type ApprovalKind, decideApprovalWrite, findApproval } from './approval-store.ts';

/** What a decision does in the context that proposed. Handed in by kind, so that `access` calls no neighbour. */
export type Executor = Readonly<Record<Decision, (approval: Approval) => readonly Write[] | Promise<readonly Write[]>>>;

export interface Deciding {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly executors: Readonly<Record<ApprovalKind, Executor>>;
}

export type DecisionRefusal = 'not_found' | 'four_eyes_required' | 'already_decided';

/**
 * Laws in this order: the approval exists; the decider is not the proposer; it is still open. A retry of the operation
 * that decided gets its own decision back. One transaction: the approval and what its executor writes.
 */
export async function decideApproval(
  { table, commit, clock, executors }: Deciding,
  command: {
    readonly id: ApprovalId;
    readonly decision: Decision;
    readonly decidedBy: string;
    readonly operationId: string;
    readonly reason?: string | undefined;
  },
): Promise<Approval | Refusal<DecisionRefusal>> {
  const approval = await findApproval(table, command.id);
  if (!approval) return refuse('not_found', 'There is no such approval.');
  if (approval.operationId === command.operationId) return approval;
  if (approval.proposedBy === command.decidedBy) {
    return refuse('four_eyes_required', 'Another operator than the one who proposed has to decide.');
  }
  const to = decisions[approval.status][command.decision];
  if (to === undefined) return alreadyDecided(approval);

  const { decision, ...facts } = command;
  const decided = { ...facts, decidedAt: clock().toISOString() };
  const writes = await executors[approval.kind][decision](approval);
  const result = await commit([decideApprovalWrite(table, { ...decided, from: approval.status, to }), ...writes]);
  if (result.committed) return { ...approval, ...decided, status: to };

  const now = await findApproval(table, command.id);
  if (now?.operationId === command.operationId) return now;
  if (now && now.status !== approval.status) return alreadyDecided(now);
  throw new Error(`what ${approval.id} proposes can't be written although it is still open`);
}

const alreadyDecided = ({ status, decidedAt }: Approval) =>
  refuse('already_decided', `The proposal was ${status} at ${decidedAt}.`);
