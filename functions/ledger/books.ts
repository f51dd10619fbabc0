/** The whole ledger as an audit sees it, and what an audit finds. */
import type { AccountId, PostingId } from '../kernel/ids.ts';
import type { Account, Balances } from './account.ts';
import type { Entry } from './entry.ts';
import type { StoredPosting } from './posting-store.ts';

/** What the items say, before anything is believed. */
export interface Books {
  readonly accounts: ReadonlyMap<AccountId, Account>;
  /** by `chainName`, each in the order of its numbers */
  readonly chains: ReadonlyMap<string, readonly Entry[]>;
  readonly postings: ReadonlyMap<PostingId, StoredPosting>;
  /** the sum of each account's changes */
  readonly balances: ReadonlyMap<AccountId, Balances>;
}

export interface Finding {
  /** what is wrong, such as `altered_entry`; the README lists them */
  readonly code: string;
  readonly detail: string;
  readonly accountId?: AccountId;
  readonly slot?: number;
  readonly seq?: number;
  readonly postingId?: PostingId;
}

/** A further law over the books, such as a neighbour's: the balance of a suspense account equals its open cases. */
export type BooksCheck = (books: Books) => readonly Finding[] | Promise<readonly Finding[]>;
