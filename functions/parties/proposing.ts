import type { ApprovalId } from '../kernel/ids.ts';
import type { Write } from '../kernel/write.ts';

/** How this context asks for four eyes; the wiring hands it in. The approval's id follows from the operation. */
export type Propose = (proposal: {
  readonly kind: 'open_institution' | 'open_institution_account';
  readonly subjectId: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly payload: Readonly<Record<string, string>>;
  readonly operationId: string;
}) => { readonly approvalId: ApprovalId; readonly write: Write };

/** What a decision on a proposal writes here, in the decision's own transaction. */
export interface ProposalExecutor {
  readonly approve: (approval: DecidedProposal) => readonly Write[] | Promise<readonly Write[]>;
  readonly reject: (approval: DecidedProposal) => readonly Write[];
}

interface DecidedProposal {
  readonly subjectId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}
