/** One account statement out of an account's chains, newest first. */
import type { AccountingDate } from '../kernel/clock.ts';
import { addBalances, type Balances, noBalances } from './account.ts';
import type { Entry } from './entry.ts';

export interface StatementLine {
  readonly entry: Entry;
  /** the whole account's balances after the entry, all its chains summed in time order */
  readonly balancesAfter: Balances;
  /** for each chain the number of the entry that comes next, 0 at its beginning: where a later page goes on */
  readonly next: readonly number[];
}

/**
 * Merges chains that each come newest first; equal times go by the later chain first. A chain ends at the first entry
 * before `from`, which still counts for the balances: dates never go back along a chain.
 */
export async function* mergeChains(
  chains: readonly AsyncIterator<Entry, void>[],
  from?: AccountingDate | undefined,
): AsyncGenerator<StatementLine, void> {
  const heads = await Promise.all(chains.map(pull));
  for (;;) {
    let newest: { readonly slot: number; readonly entry: Entry } | undefined;
    for (const [slot, entry] of heads.entries()) {
      if (!entry || (from !== undefined && entry.accountingDate < from)) continue;
      if (!newest || entry.postedAt >= newest.entry.postedAt) newest = { slot, entry };
    }
    const chain = newest && chains[newest.slot];
    if (!newest || !chain) return;
    const { slot, entry } = newest;
    yield {
      entry,
      balancesAfter: heads.reduce<Balances>((sum, head) => addBalances(sum, head?.after ?? noBalances), noBalances),
      next: heads.map((head, index) => (index === slot ? entry.seq - 1 : (head?.seq ?? 0))),
    };
    heads[slot] = await pull(chain);
  }
}

async function pull(chain: AsyncIterator<Entry, void>): Promise<Entry | undefined> {
  const { value } = await chain.next();
  return value ?? undefined;
}
