/** An institution is proposed by one operator and opened by the approval of another. */

import type { Clock } from '../kernel/clock.ts';
import { idOfOperation } from '../kernel/ids.ts';
import type { CommitWrites } from '../kernel/write.ts';
import { addInstitutionWrites, findInstitution, type Institution, moveInstitutionWrite } from './institution-store.ts';
import type { Parties } from './parties.ts';
import type { ProposalExecutor, Propose } from './proposing.ts';
import { proposedTransitions } from './states.ts';

export interface Opening extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly propose: Propose;
}

/** One transaction: the institution and the approval that waits for another operator. */
export async function proposeInstitution(
  opening: Opening,
  command: { readonly name: string; readonly proposedBy: string; readonly operationId: string },
): Promise<Institution> {
  const { name, proposedBy, operationId } = command;
  const id = idOfOperation('inst', operationId);
  const proposedAt = opening.clock();
  const payload = { name };
  const proposal = { kind: 'open_institution', subjectId: id, proposedBy, proposedAt, payload, operationId } as const;
  const { approvalId, write } = opening.propose(proposal);
  const createdAt = proposedAt.toISOString();
  const institution: Institution = { id, name, status: 'proposed', approvalId, createdAt, createdBy: proposedBy };
  const result = await opening.commit([...addInstitutionWrites(opening, institution), write]);
  if (result.committed) return institution;
  const earlier = await findInstitution(opening, id);
  if (!earlier) throw new Error(`${id} can't be stored although nothing stands in its place`);
  return { ...earlier, status: 'proposed' }; // what the first try answered
}

export const institutionExecutor = (parties: Parties): ProposalExecutor => ({
  approve: ({ subjectId }) => [
    moveInstitutionWrite(parties, subjectId, { from: 'proposed', to: proposedTransitions.proposed.approve }),
  ],
  reject: ({ subjectId }) => [
    moveInstitutionWrite(parties, subjectId, { from: 'proposed', to: proposedTransitions.proposed.reject }),
  ],
});
