/** A member takes part in something new only while the ledger has its account open. */
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type AccountStatus, type Ledger, readAccount } from '../ledger/index.ts';
import { findMember, type Member } from './member-store.ts';
import type { Parties } from './parties.ts';

type Ledgered = { readonly ledger: Pick<Ledger, 'table'> };

export type MemberRefusal = 'not_found' | 'account_closed' | 'account_blocked';

/**
 * Laws in this order: the member is the institution's own, its account is not closed (`account_closed`) and not blocked
 * (`account_blocked`). One whose debits are blocked still receives, so it may bind and be verified. 2 read units.
 */
export async function findOpenMember(
  parties: Parties & Ledgered,
  { institutionId, accountId }: { readonly institutionId: InstitutionId; readonly accountId: AccountId },
): Promise<Member | Refusal<MemberRefusal>> {
  const member = await findMember(parties, accountId);
  if (member?.institutionId !== institutionId) return refuse('not_found', 'There is no such member account.');
  const open = await openAccount(parties, accountId);
  return isRefusal(open) ? open : member;
}

/** As it stands in the ledger at this moment. 1 read unit. */
export async function openAccount(
  { ledger }: Ledgered,
  accountId: AccountId,
): Promise<AccountStatus | Refusal<MemberRefusal>> {
  const status = await accountStatus({ ledger }, accountId);
  if (status === 'closed') return refuse('account_closed', `Account ${accountId} is closed.`);
  return status === 'blocked' ? refuse('account_blocked', `Account ${accountId} is blocked.`) : status;
}

/** @throws Error for an account that the ledger does not have: it was opened with its member. */
export async function accountStatus({ ledger }: Ledgered, accountId: AccountId): Promise<AccountStatus> {
  const account = await readAccount(ledger, accountId);
  if (!account) throw new Error(`the ledger has no account ${accountId}`);
  return account.status;
}
