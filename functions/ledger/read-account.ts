import { inScope, type Scope } from '../kernel/caller.ts';
import type { AccountId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { type Account, type AccountWithBalances, addBalances, type Balances, noBalances } from './account.ts';
import { accountOf, type Entry } from './entry.ts';
import { getHead } from './entry-store.ts';
import { readSlots, rememberedHead } from './heads.ts';
import type { Ledger } from './ledger.ts';
import { settlementCompanions } from './open-accounts.ts';

type Store = Pick<Ledger, 'table'>;

/** An account as this process saw it no longer than two seconds ago: 1 read unit, or none. */
export async function lookUpAccount(
  ledger: Pick<Ledger, 'table' | 'memory'>,
  id: AccountId,
): Promise<Account | undefined> {
  const head = await rememberedHead(ledger, { accountId: id, slot: 0 });
  return head && accountOf(head);
}

/** An account and its balances, the sum of its slots. Cost: see {@link readSlots}. */
export async function readAccount({ table }: Store, id: AccountId): Promise<AccountWithBalances | undefined> {
  return withBalances(await readSlots(table, id));
}

function withBalances(heads: readonly Entry[]): AccountWithBalances | undefined {
  const [first] = heads;
  return first && { ...accountOf(first), balances: balancesOf(heads) };
}

export const balancesOf = (heads: readonly Entry[]): Balances =>
  heads.reduce<Balances>((sum, { after }) => addBalances(sum, after), noBalances);

export const slotsOf = ({ slots }: Pick<Account, 'slots'>): readonly number[] =>
  Array.from({ length: slots }, (_, slot) => slot);

const notFound = (id: AccountId) => refuse('not_found', `There is no account ${id}.`);

/** Whether the caller may see an account; one of the center's own is for operators only. */
export const maySee = (scope: Scope, { kind, institutionId }: Pick<Account, 'kind' | 'institutionId'>): boolean =>
  inScope(scope, kind === 'internal' ? undefined : institutionId);

/**
 * An account that the caller may see. A foreign account, one of the center's own and one that does not exist are the
 * same `not_found` to an institution. 1 read unit.
 */
export async function findAccountFor(
  { table }: Store,
  scope: Scope,
  id: AccountId,
): Promise<Account | Refusal<'not_found'>> {
  const head = await getHead(table, { accountId: id, slot: 0 });
  const account = head && accountOf(head);
  return account && maySee(scope, account) ? account : notFound(id);
}

/** What callers are shown of an account: a settlement account is a pair of ledger accounts and shows both figures. */
export interface ShownAccount extends AccountWithBalances {
  /** minor units; only of a settlement account, whose own available balance is the pending figure */
  readonly reconciled?: bigint;
}

/** The cost of {@link readAccount}; 1 read unit more for a settlement account's reconciled half. */
export async function showAccount(
  ledger: Store,
  scope: Scope,
  id: AccountId,
): Promise<ShownAccount | Refusal<'not_found'>> {
  const account = await readAccount(ledger, id);
  if (!account || !maySee(scope, account)) return notFound(id);
  if (account.kind !== 'settlement') return account;
  const reconciled = await readAccount(ledger, settlementCompanions(id).reconciled);
  return { ...account, reconciled: reconciled?.balances.available ?? 0n };
}
