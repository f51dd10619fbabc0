/**
 * Re-derives the whole ledger from its items: every chain, hash, balance, floor, and each posting's sum. Findings name
 * the account, slot, entry and posting. Nothing here reads a clock or a store.
 */
import type { AccountId, PostingId } from '../kernel/ids.ts';
import type { Item } from '../kernel/table.ts';
import { type Account, addBalances, type Balances, noBalances } from './account.ts';
import { checkChain } from './audit-chain.ts';
import { checkEntriesPosting, checkPosting } from './audit-posting.ts';
import type { Books, BooksCheck, Finding } from './books.ts';
import { accountOf, chainName, type Entry } from './entry.ts';
import { entryFromItem, isEntryItem } from './entry-store.ts';
import { postingFromItem, postingSortKey, type StoredPosting } from './posting-store.ts';
import { isReversalItem, reversalFromItem } from './reversal-store.ts';

export interface AuditReport {
  readonly books: Books;
  readonly entries: number;
  readonly findings: readonly Finding[];
}

/** Audits items in any order. Holds all of them, about 2 KB of memory for each entry. */
export async function auditItems(
  items: AsyncIterable<Item> | Iterable<Item>,
  checks: readonly BooksCheck[] = [],
): Promise<AuditReport> {
  const { books, entries, unreadable } = await collect(items);
  const findings = [...unreadable];
  for (const chain of books.chains.values()) findings.push(...checkChain(chain), ...checkEntriesPosting(books, chain));
  for (const posting of books.postings.values()) findings.push(...checkPosting(books, posting));
  for (const check of checks) findings.push(...(await check(books)));
  return { books, entries, findings };
}

async function collect(items: AsyncIterable<Item> | Iterable<Item>) {
  const accounts = new Map<AccountId, Account>();
  const chains = new Map<string, Entry[]>();
  const postings = new Map<PostingId, StoredPosting>();
  const balances = new Map<AccountId, Balances>();
  const unreadable: Finding[] = [];
  let entries = 0;

  const takeEntry = (entry: Entry) => {
    entries += 1;
    const chain = chains.get(chainName(entry));
    if (chain) chain.push(entry);
    else chains.set(chainName(entry), [entry]);
    balances.set(entry.accountId, addBalances(balances.get(entry.accountId) ?? noBalances, entry.change));
  };
  for await (const item of items) {
    try {
      if (isEntryItem(item)) {
        takeEntry(entryFromItem(item));
      } else if (item['sk'] === postingSortKey) {
        const posting = postingFromItem(item);
        postings.set(posting.postingId, posting);
      } else if (isReversalItem(item)) {
        reversalFromItem(item);
      } else if (item['sk'] !== 'BUSINESS_DATE') {
        unreadable.push({ code: 'unknown_item', detail: `${item['pk']} / ${item['sk']} is nothing of the ledger's` });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      unreadable.push({ code: 'unreadable_item', detail: `${item['pk']} / ${item['sk']}: ${reason}` });
    }
  }
  for (const chain of chains.values()) {
    chain.sort((left, right) => left.seq - right.seq);
    const last = chain.at(-1);
    // slot 0 is the one that tells an account's terms
    if (last && (last.slot === 0 || !accounts.has(last.accountId))) accounts.set(last.accountId, accountOf(last));
  }
  return { books: { accounts, chains, postings, balances }, entries, unreadable };
}
