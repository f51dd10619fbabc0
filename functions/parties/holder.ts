/** Whose bindings an account has: a member's, or an institution's own. */
import type { Scope } from '../kernel/caller.ts';
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import { listBindings } from './binding-store.ts';
import { findInstitutionAccount } from './institution-store.ts';
import { findMember } from './member-store.ts';
import type { Parties } from './parties.ts';

/** The institution of an account that may have bindings; undefined for any other. 1 to 3 read units. */
export async function findHolder(
  parties: Parties,
  scope: Scope,
  accountId: AccountId,
): Promise<InstitutionId | undefined> {
  const member = await findMember(parties, accountId);
  if (member) return member.institutionId;
  // an operator names no institution, and only its bindings tell whose account it is
  if (scope !== 'everyone') return (await findInstitutionAccount(parties, scope, accountId))?.institutionId;
  return (await listBindings(parties, accountId, { limit: 1 })).items[0]?.institutionId;
}
