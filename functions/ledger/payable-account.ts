/** Which accounts take part in holds and transfers. */
import { inScope, type Scope } from '../kernel/caller.ts';
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Account } from './account.ts';
import type { Ledger } from './ledger.ts';
import { lookUpAccount } from './read-account.ts';

export interface PayableAccount extends Account {
  readonly institutionId: InstitutionId;
}

export type PayableRefusal = 'not_found' | 'account_not_payable';

/**
 * A member's or an institution's account that the caller may use. What a settlement account shows mirrors a channel, and
 * changes only with what the channel does. 1 read unit, or none where the account is remembered.
 */
export async function findPayableAccount(
  ledger: Pick<Ledger, 'table' | 'memory'>,
  scope: Scope,
  id: AccountId,
): Promise<PayableAccount | Refusal<PayableRefusal>> {
  const account = await lookUpAccount(ledger, id);
  const { institutionId } = account ?? {};
  if (!account || account.kind === 'internal' || institutionId === undefined || !inScope(scope, institutionId)) {
    return refuse('not_found', `There is no account ${id}.`);
  }
  if (account.kind === 'settlement') {
    return refuse(
      'account_not_payable',
      `Account ${id} mirrors a channel: nothing is held on it or transferred from it.`,
    );
  }
  return { ...account, institutionId };
}
