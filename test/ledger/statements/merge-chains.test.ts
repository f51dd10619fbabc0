import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { noBalances } from '../../../functions/ledger/account.ts';
import type { Entry } from '../../../functions/ledger/entry.ts';
import {
  type ChainWalk,
  mergeChains,
  type StatementLine,
  type StatementOrder,
} from '../../../functions/ledger/statements/merge-chains.ts';
import { events, StatementBooks } from './statement-books.ts';

/** From number `skipped` + 1 on, counted from the side where the order begins. */
function walkOf(chain: readonly Entry[], order: StatementOrder, skipped = 0): ChainWalk {
  const rest = (order === 'oldest' ? chain : chain.toReversed()).slice(skipped);
  const standing = order === 'oldest' ? chain[skipped - 1]?.after : rest[0]?.after;
  const generate = async function* () {
    yield* rest;
  };
  return { standing: standing ?? noBalances, entries: generate() };
}

async function merged(walks: readonly ChainWalk[], order: StatementOrder): Promise<StatementLine[]> {
  const lines: StatementLine[] = [];
  for await (const line of mergeChains(walks, order)) lines.push(line);
  return lines;
}

const chainsOf = (books: StatementBooks): Entry[][] =>
  Array.from({ length: books.account.slots }, (_, slot) => books.entries.filter((entry) => entry.slot === slot));

describe.each(['newest', 'oldest'] as const)('merging chains %s first', (order) => {
  const asListed = (lines: readonly StatementLine[]) => (order === 'oldest' ? [...lines] : lines.toReversed());

  test('is a plain sort, with the balances that the whole account had then', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (history) => {
        const books = await StatementBooks.of(history);
        const walks = chainsOf(books).map((chain) => walkOf(chain, order));
        expect(await merged(walks, order)).toEqual(asListed(books.lines()));
      }),
      { numRuns: 60 },
    );
  });

  test('goes on anywhere, when each chain goes on where it was', async () => {
    await fc.assert(
      fc.asyncProperty(events, fc.nat(), async (history, place) => {
        const books = await StatementBooks.of(history);
        const lines = asListed(books.lines());
        const shown = lines.slice(0, place % lines.length);
        const walks = chainsOf(books).map((chain, slot) =>
          walkOf(chain, order, shown.filter(({ entry }) => entry.slot === slot).length),
        );
        expect(await merged(walks, order)).toEqual(lines.slice(shown.length));
      }),
      { numRuns: 60 },
    );
  });
});
