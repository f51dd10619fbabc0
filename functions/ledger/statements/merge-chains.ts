/** One account statement out of an account's chains. */
import { addBalances, type Balances, negated, noBalances } from '../account.ts';
import type { Entry } from '../entry.ts';

export const statementOrders = ['newest', 'oldest'] as const;

/** Newest first or oldest first. */
export type StatementOrder = (typeof statementOrders)[number];

/** A chain from some place on, in one of the orders. */
export interface ChainWalk {
  /** what the chain held before the walk's first step: newest first, after the first entry that it gives */
  readonly standing: Balances;
  readonly entries: AsyncIterator<Entry, void>;
}

export interface StatementLine {
  readonly entry: Entry;
  /** the whole account's balances after the entry, all its chains summed in the order of the lines */
  readonly balancesAfter: Balances;
}

/**
 * Merges by time; entries of one instant go by their slot, oldest first by the lower one, so that one order is the other
 * turned round. A line's balances follow from the ones beside it, by which each chain's own balances are sums too.
 */
export async function* mergeChains(
  walks: readonly ChainWalk[],
  order: StatementOrder,
): AsyncGenerator<StatementLine, void> {
  let balances = walks.reduce((sum, { standing }) => addBalances(sum, standing), noBalances);
  const heads = await Promise.all(walks.map(pull));
  for (;;) {
    const next = heads.reduce(
      (first, head) => (head && (!first || goesFirst(head, first, order)) ? head : first),
      undefined,
    );
    if (!next) return;
    if (order === 'oldest') balances = addBalances(balances, next.change);
    yield { entry: next, balancesAfter: balances };
    if (order === 'newest') balances = addBalances(balances, negated(next.change));
    const place = heads.indexOf(next);
    const walk = walks[place];
    heads[place] = walk && (await pull(walk));
  }
}

/** Whether a chain's entry goes before that of an earlier slot. */
const goesFirst = (later: Entry, earlier: Entry, order: StatementOrder): boolean =>
  order === 'newest' ? later.postedAt >= earlier.postedAt : later.postedAt < earlier.postedAt;

async function pull({ entries }: ChainWalk): Promise<Entry | undefined> {
  const { value } = await entries.next();
  return value ?? undefined;
}
