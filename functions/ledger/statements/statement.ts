/** A whole account statement as it stands at one moment, for a file. */
import { type Account, addBalances, type Balances, noBalances, sameBalances } from '../account.ts';
import type { Entry } from '../entry.ts';
import { readSlots } from '../heads.ts';
import { mergeChains, type StatementLine, type StatementOrder } from './merge-chains.ts';
import { findLastBefore, findLastUpTo, type StatementRange, type StatementSource } from './statement-range.ts';
import { mostAtOnce, walkChain } from './walk-chain.ts';

export interface Statement {
  /** the account's balances before the first entry of the range, and after the last */
  readonly opening: Balances;
  readonly closing: Balances;
  /** read while they are taken, a few pages at a time */
  readonly lines: AsyncIterable<StatementLine>;
}

export interface StatementRequest {
  readonly order: StatementOrder;
  readonly range: StatementRange;
}

/** Over all slots, twice with those that are read ahead: some 50 MB, however hot the account is. */
const heldEntries = 8_000;

/**
 * Finds both ends in each chain before it gives the first line, so that nothing that is added later belongs to it.
 *
 * Cost: 1 read unit for each four entries; for each slot 1 more (2 to 5 on an account of several slots with a floor) and
 * the reads of `findLast` for each end that is a date or time.
 *
 * @throws Error from `lines` where the entries do not lead from the one balance to the other
 */
export async function readStatement(
  source: StatementSource,
  account: Account,
  { order, range }: StatementRequest,
): Promise<Statement> {
  const heads = await readSlots(source.table, account.id);
  const stretches = await Promise.all(
    heads.map(async (head) => {
      const [before, last] = await Promise.all([
        range.from && findLastBefore(source, head, range.from),
        range.to ? findLastUpTo(source, head, range.to) : head,
      ]);
      return { slot: head.slot, before, last };
    }),
  );
  const opening = sumAfter(stretches.map(({ before }) => before));
  const closing = sumAfter(stretches.map(({ last }) => last));
  const size = Math.min(mostAtOnce, Math.ceil(heldEntries / heads.length));
  const walks = stretches.map(({ slot, before, last }) => {
    const [first, final] = [(before?.seq ?? 0) + 1, last?.seq ?? 0];
    const ends = order === 'oldest' ? { start: first, end: final } : { start: final, end: first };
    const stretch = { order, ...ends, firstRead: size, largestRead: size, readAhead: true };
    return {
      standing: (order === 'oldest' ? before : last)?.after ?? noBalances,
      entries: walkChain(source.table, { accountId: account.id, slot }, stretch),
    };
  });
  return { opening, closing, lines: provenLines(mergeChains(walks, order), { order, opening, closing }) };
}

const sumAfter = (entries: readonly (Entry | undefined)[]): Balances =>
  entries.reduce((sum, entry) => addBalances(sum, entry?.after ?? noBalances), noBalances);

/** What does not add up is no statement: the file that it was to become is given up. */
async function* provenLines(
  lines: AsyncIterable<StatementLine>,
  { order, opening, closing }: Pick<Statement, 'opening' | 'closing'> & Pick<StatementRequest, 'order'>,
): AsyncGenerator<StatementLine, void> {
  let moved = noBalances;
  for await (const line of lines) {
    moved = addBalances(moved, line.entry.change);
    yield line;
  }
  if (!sameBalances(addBalances(opening, moved), closing)) {
    throw new Error(`the ${order} first entries do not lead from the opening balance to the closing one`);
  }
}
