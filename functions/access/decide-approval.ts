/** One operator proposes, another decides; what was proposed happens in the same transaction as the decision. */
import type { Clock } from '../kernel/clock.ts';
import type { ApprovalId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites, Write } from '../kernel/write.ts';
import { type Decision, decisions } from './approval-states.ts';
import { type Approval, type ApprovalKind, decideApprovalWrite, findApproval } from './approval-store.ts';

/** What a decision does in the context that proposed. Handed in by kind, so that `access` calls no neighbour. */
export type Executor = Readonly<
  Record<Decision, (approval: Approval, decider: Decider) => Execution | Promise<Execution>>
>;

export type Decider = Pick<Approval, 'reason'> & { readonly decidedBy: string };

/** Writes to be committed with the decision, or whoever commits it with writes that can't be told before, such as postings. */
export type Execution = readonly Write[] | ((decision: Write) => Promise<Executed>);

/** `overtaken`: somebody else was faster; nothing was written. Nor is it where the context refuses. */
export type Executed = 'committed' | 'overtaken' | Refusal;

export interface Deciding {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly executors: Readonly<Record<ApprovalKind, Executor>>;
}

/**
 * Laws in this order: the approval exists; the decider is not the proposer; it is still open. A retry of the operation
 * that decided gets its own decision back. One transaction: the approval and what its executor writes. What the executor
 * refuses leaves the approval open.
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
): Promise<Approval | Refusal> {
  const approval = await findApproval(table, command.id);
  if (!approval) return refuse('not_found', 'There is no such approval.');
  if (approval.operationId === command.operationId) return approval;
  if (approval.proposedBy === command.decidedBy) {
    return refuse('four_eyes_required', 'Another operator than the one who proposed has to decide.');
  }
  const to = decisions[approval.status][command.decision];
  if (to === undefined) return alreadyDecided(approval);

  const committed = async (writes: readonly Write[]): Promise<Executed> =>
    (await commit(writes)).committed ? 'committed' : 'overtaken';
  const { decision, ...facts } = command;
  const decided = { ...facts, decidedAt: clock().toISOString() };
  const write = decideApprovalWrite(table, { ...decided, from: approval.status, to });
  const execution = await executors[approval.kind][decision](approval, command);
  const executed = typeof execution === 'function' ? await execution(write) : await committed([write, ...execution]);
  if (executed === 'committed') return { ...approval, ...decided, status: to };

  const now = await findApproval(table, command.id);
  if (now?.operationId === command.operationId) return now;
  if (now && now.status !== approval.status) return alreadyDecided(now);
  // its own retry may be refused for what its first try did: so only now
  if (isRefusal(executed)) return executed;
  throw new Error(`what ${approval.id} proposes can't be written although it is still open`);
}

const alreadyDecided = ({ status, decidedAt }: Approval) =>
  refuse('already_decided', `The proposal was ${status} at ${decidedAt}.`);
