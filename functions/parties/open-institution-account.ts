/** An institution's own account (机构账户): four eyes, then opened in the ledger by the approval itself. */
import * as z from 'zod';
import type { Clock } from '../kernel/clock.ts';
import { type AccountId, type InstitutionId, idOfOperation, idSchema } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { type Ledger, openAccountWrites } from '../ledger/index.ts';
import { activeInstitution, type InstitutionRefusal } from './active-institution.ts';
import {
  addInstitutionAccountWrite,
  findInstitutionAccount,
  type InstitutionAccount,
  moveInstitutionAccountWrite,
} from './institution-store.ts';
import type { Opening } from './open-institution.ts';
import type { Parties } from './parties.ts';
import type { ProposalExecutor } from './proposing.ts';
import { proposedTransitions } from './states.ts';

/** One transaction: the account as proposed, and the approval that waits for another operator. */
export async function proposeInstitutionAccount(
  opening: Opening,
  command: {
    readonly institutionId: InstitutionId;
    readonly currency: Currency;
    readonly proposedBy: string;
    readonly operationId: string;
  },
): Promise<InstitutionAccount | Refusal<InstitutionRefusal>> {
  const { institutionId, currency, proposedBy, operationId } = command;
  const institution = await activeInstitution(opening, institutionId);
  if (isRefusal(institution)) return institution;

  const id = idOfOperation('acct', operationId);
  const proposedAt = opening.clock();
  const payload = { institutionId, institutionName: institution.name, currency };
  const proposal = { kind: 'open_institution_account', subjectId: id, proposedBy, proposedAt, payload } as const;
  const { approvalId, write } = opening.propose({ ...proposal, operationId });
  const createdAt = proposedAt.toISOString();
  const account: InstitutionAccount = { id, institutionId, currency, status: 'proposed', approvalId, createdAt };
  const result = await opening.commit([addInstitutionAccountWrite(opening, account), write]);
  if (result.committed) return account;
  const earlier = await findInstitutionAccount(opening, institutionId, id);
  if (!earlier) throw new Error(`${id} can't be stored although nothing stands in its place`);
  return { ...earlier, status: 'proposed' }; // what the first try answered
}

const payloadSchema = z.object({ institutionId: idSchema('inst'), currency: currencySchema });

export const institutionAccountExecutor = (
  deciding: Parties & { readonly ledger: Ledger; readonly clock: Clock },
): ProposalExecutor => ({
  approve: async ({ subjectId, payload }) => {
    const { institutionId, currency } = payloadSchema.parse(payload);
    const to = proposedTransitions.proposed.approve;
    return [
      moveInstitutionAccountWrite(deciding, { institutionId, id: subjectId }, { from: 'proposed', to }),
      ...(await openAccountWrites(deciding.ledger, {
        id: subjectId as AccountId, // the proposal was made with an account's id
        kind: 'institution',
        subject: 'institution_deposits',
        currency,
        institutionId,
        floor: 0n,
        slots: 1,
        openedAt: deciding.clock(),
      })),
    ];
  },
  reject: ({ subjectId, payload }) => {
    const { institutionId } = payloadSchema.parse(payload);
    const to = proposedTransitions.proposed.reject;
    return [moveInstitutionAccountWrite(deciding, { institutionId, id: subjectId }, { from: 'proposed', to })];
  },
});
