/** 时点余额: what an account held at a past moment, or at the end of a business day. */
import type { Scope } from '../../kernel/caller.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { type Account, type AccountStatus, addBalances, type Balances, noBalances } from '../account.ts';
import type { Entry } from '../entry.ts';
import { readSlots } from '../heads.ts';
import { settlementCompanions } from '../open-accounts.ts';
import { findAccountFor } from '../read-account.ts';
import { findLastUpTo, type Moment, type StatementSource } from './statement-range.ts';

export interface BalancesThen {
  readonly account: Account;
  /** undefined before the account was opened */
  readonly status?: AccountStatus | undefined;
  readonly balances: Balances;
  /** of a settlement account, minor units */
  readonly reconciled?: bigint;
}

/**
 * The balances after the last entries up to a moment, that included. Those of a moment that is still to come, or of a day
 * that is still open, are those of now.
 *
 * Cost: for each slot 1 read unit (2 to 5 for several slots with a floor) and the reads of `findLast`; 1 more for the
 * account, and the same again for a settlement account's reconciled half.
 */
export async function readBalancesAt(
  source: StatementSource,
  scope: Scope,
  { id, moment }: { readonly id: AccountId; readonly moment: Moment },
): Promise<BalancesThen | Refusal<'not_found'>> {
  const account = await findAccountFor(source, scope, id);
  if (isRefusal(account)) return account;
  const last = await lastEntries(source, account, moment);
  const then = { account, status: last[0]?.terms.status, balances: sum(last) };
  if (account.kind !== 'settlement') return then;
  const half = await findAccountFor(source, 'everyone', settlementCompanions(id).reconciled);
  if (isRefusal(half)) throw new Error(`settlement account ${id} has no reconciled half`);
  return { ...then, reconciled: sum(await lastEntries(source, half, moment)).available };
}

/** By slot; undefined for one that did not exist yet. */
async function lastEntries(
  source: StatementSource,
  account: Account,
  moment: Moment,
): Promise<readonly (Entry | undefined)[]> {
  const heads = await readSlots(source.table, account.id);
  return Promise.all(heads.map((head) => findLastUpTo(source, head, moment)));
}

const sum = (entries: readonly (Entry | undefined)[]): Balances =>
  entries.reduce((total, entry) => addBalances(total, entry?.after ?? noBalances), noBalances);
