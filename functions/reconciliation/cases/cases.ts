/** What handling cases needs, handed in; and how this context asks for four eyes, which is another context's matter. */
import type { ApprovalId } from '../../kernel/ids.ts';
import type { Write } from '../../kernel/write.ts';
import type { Reconciliation } from '../reconciliation.ts';

export type CaseBooks = Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'ledger' | 'payments'> & {
  readonly channels: Pick<Reconciliation['channels'], 'table'>;
};

export interface Cases extends CaseBooks {
  readonly propose: Propose;
}

export const proposalKinds = ['resolve_difference', 'reopen_difference'] as const;

/** The approval's id follows from the operation, so that a retry finds what its first try proposed. */
export type Propose = (proposal: {
  readonly kind: (typeof proposalKinds)[number];
  readonly subjectId: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly operationId: string;
}) => { readonly approvalId: ApprovalId; readonly write: Write };
