/** Walks along one chain, page by page. */
import type { Table } from '../../kernel/table.ts';
import { type Chain, chainName, type Entry } from '../entry.ts';
import { entriesBefore, entriesFrom } from '../entry-store.ts';
import type { StatementOrder } from './merge-chains.ts';

export interface Stretch {
  readonly order: StatementOrder;
  /** the number where the walk begins, and the one where it ends: the chain's own end where it is past that */
  readonly start: number;
  readonly end: number;
  /** how many entries the first read takes; each further one takes twice as many, up to the largest */
  readonly firstRead: number;
  /** {@link mostAtOnce} unless given */
  readonly largestRead?: number;
  /** reads the next page while the one before is used */
  readonly readAhead?: boolean;
}

/** What DynamoDB answers at once: a MiB holds some 1 200 entries. */
export const mostAtOnce = 1_000;

/**
 * The chain's entries from `start` to `end`, both included. 1 read unit for each four of them.
 *
 * @throws Error where a number is missing
 */
export async function* walkChain(table: Table, chain: Chain, stretch: Stretch): AsyncGenerator<Entry, void> {
  const { order, start, end, readAhead, largestRead = mostAtOnce } = stretch;
  const step = order === 'oldest' ? 1 : -1;
  const read = async (from: number, size: number): Promise<Page> => {
    const limit = Math.min(size, (end - from) * step + 1);
    if (limit <= 0) return { entries: [], last: true };
    const entries =
      order === 'oldest'
        ? await entriesFrom(table, chain, { from, limit })
        : await entriesBefore(table, chain, { upTo: from, limit });
    return { entries, last: entries.length < limit };
  };

  let size = stretch.firstRead;
  let page = await read(start, size);
  // newest first, a walk may begin past the end of its chain
  let expected = order === 'newest' ? (page.entries[0]?.seq ?? start) : start;
  for (;;) {
    const beyond = expected + page.entries.length * step;
    size = Math.min(size * 2, largestRead);
    const following = readAhead && !page.last ? read(beyond, size) : undefined;
    following?.catch(() => undefined); // thrown below, unless the walk is left before
    for (const entry of page.entries) {
      if (entry.seq !== expected) throw new Error(`entry ${expected} of ${chainName(chain)} is missing`);
      yield entry;
      expected += step;
    }
    if (page.last) return;
    page = await (following ?? read(beyond, size));
  }
}

interface Page {
  readonly entries: readonly Entry[];
  readonly last: boolean;
}
