import type { AccountId, PostingId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { noBalances, sameBalances } from './account.ts';
import { getAccount } from './account-store.ts';
import { appendPosting, type PostOutcome } from './append-posting.ts';
import type { Head } from './entry.ts';
import { accountingDateNow, type Ledger, type LedgerRefusal } from './ledger.ts';

/**
 * Closes an account for good, by a last entry that moves nothing: a posting that raced it finds its next number taken,
 * reads again and is refused with `account_closed`. So no posting pays for a check of the account's status.
 *
 * 4 write units. Refuses `account_not_empty` while any balance is left.
 *
 * @throws RangeError for an account of several slots; those are the center's own and stay open.
 */
export async function closeAccount(
  ledger: Ledger,
  command: { readonly postingId: PostingId; readonly accountId: AccountId; readonly description?: string },
  alongside: readonly Write[] = [],
): Promise<PostOutcome | Refusal<LedgerRefusal | 'account_not_empty'>> {
  const account = await getAccount(ledger.table, command.accountId);
  if (!account) return refuse('account_not_found', `There is no account ${command.accountId}.`);
  if (account.slots > 1) throw new RangeError(`account ${account.id} is spread over slots and can't be closed`);
  const draft = {
    id: command.postingId,
    type: 'closing',
    accountingDate: accountingDateNow(ledger),
    description: command.description,
    moves: [{ accountId: account.id, currency: account.currency, ...noBalances }],
  } as const;
  return appendPosting(ledger, draft, { alongside, laws: refuseUnlessEmpty });
}

const refuseUnlessEmpty = (heads: readonly Head[]): Refusal<'account_not_empty'> | undefined =>
  heads.every(({ last }) => sameBalances(last?.after ?? noBalances, noBalances))
    ? undefined
    : refuse('account_not_empty', 'The account still holds a balance.');
