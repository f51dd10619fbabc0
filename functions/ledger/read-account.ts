import { inScope, type Scope } from '../kernel/caller.ts';
import type { AccountId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type Account, type AccountWithBalances, addBalances, type Balances, noBalances } from './account.ts';
import { getAccount } from './account-store.ts';
import { getHead } from './entry-store.ts';
import type { Ledger } from './ledger.ts';
import { settlementCompanions } from './open-accounts.ts';

type Store = Pick<Ledger, 'table'>;

/** An account and its balances as of now, the sum of its slots: 1 read unit, and 1 for each slot. */
export async function readAccount(ledger: Store, id: AccountId): Promise<AccountWithBalances | undefined> {
  const account = await getAccount(ledger.table, id);
  return account && withBalances(ledger, account);
}

async function withBalances({ table }: Store, account: Account): Promise<AccountWithBalances> {
  const heads = await Promise.all(slotsOf(account).map((slot) => getHead(table, { accountId: account.id, slot })));
  const balances = heads.reduce<Balances>((sum, { last }) => addBalances(sum, last?.after ?? noBalances), noBalances);
  const status = heads.some(({ last }) => last?.type === 'closing') ? 'closed' : 'open';
  return { ...account, status, balances };
}

export const slotsOf = ({ slots }: Pick<Account, 'slots'>): readonly number[] =>
  Array.from({ length: slots }, (_, slot) => slot);

/**
 * An account that the caller may see. A foreign account, one of the center's own and one that does not exist are the
 * same `not_found` to an institution. 1 read unit.
 */
export async function findAccountFor(
  { table }: Store,
  scope: Scope,
  id: AccountId,
): Promise<Account | Refusal<'not_found'>> {
  const account = await getAccount(table, id);
  const owner = account?.kind === 'internal' ? undefined : account?.institutionId;
  return account && inScope(scope, owner) ? account : refuse('not_found', `There is no account ${id}.`);
}

/** What callers are shown of an account: a settlement account is a pair of ledger accounts and shows both figures. */
export interface ShownAccount extends AccountWithBalances {
  /** minor units; only of a settlement account, whose own available balance is the pending figure */
  readonly reconciled?: bigint;
}

/** 1 read unit, and 1 for each slot; 2 more for a settlement account's reconciled half. */
export async function showAccount(
  ledger: Store,
  scope: Scope,
  id: AccountId,
): Promise<ShownAccount | Refusal<'not_found'>> {
  const account = await findAccountFor(ledger, scope, id);
  if (isRefusal(account)) return account;
  if (account.kind !== 'settlement') return withBalances(ledger, account);
  const [pending, reconciled] = await Promise.all([
    withBalances(ledger, account),
    readAccount(ledger, settlementCompanions(id).reconciled),
  ]);
  return { ...pending, reconciled: reconciled?.balances.available ?? 0n };
}
