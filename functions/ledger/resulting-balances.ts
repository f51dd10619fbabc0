/** What an answer about moved money says of its accounts. */
import type { AccountId } from '../kernel/ids.ts';
import { type Account, addBalances, type Balances, negated, noBalances } from './account.ts';
import { balancesAfter } from './append-postings.ts';
import type { BookedPosting } from './book-posting.ts';
import type { Ledger } from './ledger.ts';
import { readAccount } from './read-account.ts';

export interface ResultingBalances extends Balances, Pick<Account, 'currency'> {
  readonly accountId: AccountId;
}

/**
 * The balances of a posting's accounts right after it, in the order of its legs. Those of an account of several slots are
 * the sum of all, as they stand when they are read, without what later postings of the same transaction have changed: the
 * cost of `readAccount`; nothing for an account of one.
 */
export async function resultingBalances(
  ledger: Pick<Ledger, 'table'>,
  posting: BookedPosting,
  later: readonly BookedPosting[] = [],
): Promise<readonly ResultingBalances[]> {
  const written = balancesAfter([posting]);
  const accounts = new Map(posting.entries.map((entry) => [entry.accountId, entry]));
  return Promise.all(
    [...accounts.values()].map(async ({ accountId, account: { currency }, terms }) => {
      const balances = terms.slots === 1 ? written.get(accountId) : (await readAccount(ledger, accountId))?.balances;
      if (!balances) throw new Error(`account ${accountId} of posting ${posting.postingId} is gone`);
      const since = terms.slots === 1 ? noBalances : changeOf(accountId, later);
      return { accountId, currency, ...addBalances(balances, negated(since)) };
    }),
  );
}

const changeOf = (accountId: AccountId, postings: readonly BookedPosting[]): Balances =>
  postings
    .flatMap(({ entries }) => entries)
    .filter((entry) => entry.accountId === accountId)
    .reduce<Balances>((sum, { change }) => addBalances(sum, change), noBalances);
