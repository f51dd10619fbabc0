/** Who may change what of an account, and the record of what was changed. */
import { type Caller, type Scope, type Signature, scopeOf, signatureOf } from '../kernel/caller.ts';
import type { AccountId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type Account, type AccountStatus, accountStatuses, type Terms } from './account.ts';
import { type ChangeRefusal, changeAccount, changesBefore } from './change-account.ts';
import { accountOf, type Entry } from './entry.ts';
import { getEntry, getHead } from './entry-store.ts';
import type { Ledger } from './ledger.ts';
import { maySee } from './read-account.ts';

/** One thing at a time. */
export type WantedTerms = Pick<Terms, 'status'> | Pick<Terms, 'slots'> | { readonly overdraft: Overdraft };

interface Overdraft {
  /** 透支额度: minor units that the available balance may go below 0 */
  readonly limit: bigint;
  readonly currency: Account['currency'];
}

export interface RequestedChange {
  readonly caller: Caller;
  readonly accountId: AccountId;
  readonly wanted: WantedTerms;
  readonly reason: string;
  readonly operationId: string;
}

export type RequestedChangeRefusal =
  | ChangeRefusal
  | 'not_found'
  | 'operators_only'
  | 'blocked_by_operator'
  | 'currency_mismatch'
  | 'account_not_payable';

/**
 * Laws, in this order: the caller may see the account (`not_found`); an institution changes nothing but the state of its
 * members' accounts (`operators_only`); an account that mirrors a channel or is the center's own has no state and no
 * overdraft to change (`account_not_payable`); the overdraft is in the account's currency; an institution may be stricter
 * than the operators were, never milder (`blocked_by_operator`), and reopens no account (`account_closed`); those of `changeAccount`.
 *
 * Cost: that of `changeAccount`; an institution pays up to 2 read units more for each earlier change.
 */
export async function requestChange(
  ledger: Ledger,
  { caller, accountId, wanted, reason, operationId }: RequestedChange,
): Promise<Account | Refusal<RequestedChangeRefusal>> {
  const changed = await changeAccount<RequestedChangeRefusal>(ledger, {
    accountId,
    operationId,
    reason,
    by: signatureOf(caller),
    terms: 'overdraft' in wanted ? { floor: -wanted.overdraft.limit } : wanted,
    admit: (head) => refusedChange(ledger, { caller, wanted, head }),
  });
  // a foreign account and one that does not exist look the same
  return isRefusal(changed) && changed.refused === 'account_not_found' ? notFound(accountId) : changed;
}

const notFound = (id: AccountId) => refuse('not_found', `There is no account ${id}.`);

async function refusedChange(
  ledger: Ledger,
  { caller, wanted, head }: Pick<RequestedChange, 'caller' | 'wanted'> & { readonly head: Entry },
): Promise<Refusal<RequestedChangeRefusal> | undefined> {
  const account = accountOf(head);
  const { id, kind, currency } = account;
  if (!maySee(scopeOf(caller), account)) return notFound(id);
  if (caller.kind === 'institution' && !('status' in wanted && kind === 'member')) {
    return refuse('operators_only', "Only operators change this; an institution may change its members' states.");
  }
  if (!('slots' in wanted) && (kind === 'settlement' || kind === 'internal')) {
    return refuse('account_not_payable', `Account ${id} has no state and no overdraft that could be changed.`);
  }
  if ('overdraft' in wanted && wanted.overdraft.currency !== currency) {
    return refuse('currency_mismatch', `Account ${id} is in ${currency}, not in ${wanted.overdraft.currency}.`);
  }
  if (caller.kind === 'institution' && 'status' in wanted) {
    if (account.status === 'closed') return refuse('account_closed', `Account ${id} is closed.`);
    const imposed = await imposedStatus(ledger, head);
    if (strictness(wanted.status) < strictness(imposed)) {
      return refuse('blocked_by_operator', `An operator made the account ${imposed.replace('_', ' ')}.`);
    }
  }
  return undefined;
}

const strictness = (status: AccountStatus): number => accountStatuses.indexOf(status);

/** The state to which an operator last put the account. */
async function imposedStatus({ table }: Pick<Ledger, 'table'>, head: Entry): Promise<AccountStatus> {
  for await (const { from, to, by } of recordOf(table, head)) {
    if (by?.startsWith('operator:') && from?.status !== to.status) return to.status;
  }
  return 'active';
}

export interface RecordedChange {
  readonly entry: Entry;
  readonly by: Signature | undefined;
  /** absent for the opening of the account */
  readonly from?: Terms;
  readonly to: Terms;
}

/** What was changed, newest first, the opening last: 2 read units each. */
async function* recordOf(table: Ledger['table'], head: Entry): AsyncGenerator<RecordedChange, void> {
  let later: Entry | undefined;
  for await (const entry of changesBefore(table, head)) {
    if (later) yield changeOf(later, entry);
    later = entry;
  }
  if (later) yield changeOf(later, undefined);
}

const changeOf = (entry: Entry, before: Entry | undefined): RecordedChange => ({
  entry,
  by: entry.by as Signature | undefined, // of an entry that changes terms it is one, or the opening has none
  ...(before && { from: before.terms }),
  to: entry.terms,
});

/** A page of the record of an account that the caller may see. 2 read units for each change. */
export async function listChanges(
  { table }: Pick<Ledger, 'table'>,
  {
    scope,
    accountId,
    limit,
    after,
  }: {
    readonly scope: Scope;
    readonly accountId: AccountId;
    readonly limit: number;
    readonly after?: number | undefined;
  },
): Promise<{ readonly items: readonly RecordedChange[]; readonly next: number | undefined } | Refusal<'not_found'>> {
  const last = await getHead(table, { accountId, slot: 0 });
  if (!last || !maySee(scope, accountOf(last))) return notFound(accountId);
  // the record goes on with the change before the last one shown
  const head = after === undefined ? last : await getEntry(table, { accountId, slot: 0, seq: after - 1 });
  const items: RecordedChange[] = [];
  if (!head) return { items, next: undefined };
  for await (const change of recordOf(table, head)) {
    if (items.length === limit) return { items, next: items.at(-1)?.entry.seq };
    items.push(change);
  }
  return { items, next: undefined };
}
