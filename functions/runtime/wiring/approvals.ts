/** What a decision on each kind of proposal does, in the context that proposed it. */
import type { Approval, Deciding, Execution } from '../../access/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { idSchema } from '../../kernel/ids.ts';
import { institutionAccountExecutor, institutionExecutor } from '../../parties/index.ts';
import { approveReopening, approveResolution, rejectProposal } from '../../reconciliation/index.ts';
import { accessTable } from './access.ts';
import { commitWrites, lazily } from './base.ts';
import { ledger } from './ledger.ts';
import { parties } from './parties.ts';
import { reconciliation } from './reconciliation.ts';

export const deciding = /* @__PURE__ */ lazily(
  (): Deciding => ({
    table: accessTable(),
    commit: commitWrites(),
    clock: systemClock,
    executors: {
      open_institution: institutionExecutor(parties()),
      open_institution_account: institutionAccountExecutor({ ...parties(), ledger: ledger(), clock: systemClock }),
      resolve_difference: {
        approve: caseExecutor(approveResolution),
        reject: caseExecutor(rejectProposal),
      },
      reopen_difference: {
        approve: caseExecutor(approveReopening),
        reject: caseExecutor(rejectProposal),
      },
    },
  }),
);

/** The case is committed with the decision, since what it books can't be told before. */
const caseExecutor =
  (decide: typeof approveResolution) =>
  (
    { id: approvalId, subjectId }: Approval,
    { decidedBy, reason }: { decidedBy: string; reason?: string | undefined },
  ): Execution =>
  (write) =>
    decide(reconciliation(), { approvalId, differenceId: idSchema('diff').parse(subjectId), decidedBy, reason, write });
