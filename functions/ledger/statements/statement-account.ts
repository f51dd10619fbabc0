import type { Scope } from '../../kernel/caller.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Account } from '../account.ts';
import type { Ledger } from '../ledger.ts';
import { settlementCompanions } from '../open-accounts.ts';
import { findAccountFor } from '../read-account.ts';

export const settlementHalves = ['pending', 'reconciled'] as const;

/** 待对账, 已对账: the two figures of a settlement account, each with entries of its own. */
export type SettlementHalf = (typeof settlementHalves)[number];

/**
 * The ledger account whose entries a statement shows: of a settlement account one of its halves, which whoever may see the
 * one may see as well. 1 read unit, 2 for the reconciled half.
 */
export async function findStatementAccount(
  { table }: Pick<Ledger, 'table'>,
  scope: Scope,
  { id, half }: { readonly id: AccountId; readonly half?: SettlementHalf | undefined },
): Promise<Account | Refusal<'not_found' | 'no_settlement_account'>> {
  const account = await findAccountFor({ table }, scope, id);
  if (isRefusal(account) || half === undefined) return account;
  if (account.kind !== 'settlement') {
    return refuse('no_settlement_account', 'Only a settlement account has a pending and a reconciled balance.');
  }
  return half === 'pending' ? account : findAccountFor({ table }, 'everyone', settlementCompanions(id).reconciled);
}
