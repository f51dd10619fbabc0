import type { InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { findInstitution, type Institution } from './institution-store.ts';
import type { Parties } from './parties.ts';

export type InstitutionRefusal = 'not_found' | 'institution_not_active';

/** An institution that may act, or why it may not and what to do. 1 read unit. */
export async function activeInstitution(
  parties: Parties,
  id: InstitutionId,
): Promise<Institution | Refusal<InstitutionRefusal>> {
  const institution = await findInstitution(parties, id);
  if (!institution) return refuse('not_found', 'There is no such institution.');
  if (institution.status === 'active') return institution;
  return refuse(
    'institution_not_active',
    institution.status === 'proposed'
      ? `The institution is only proposed: another operator has to approve it by POST /v1/approvals/${institution.approvalId}/approve.`
      : `The institution was rejected with ${institution.approvalId}; propose it anew.`,
  );
}
