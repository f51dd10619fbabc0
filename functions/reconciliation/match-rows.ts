/**
 * Matches the rows of one shard: what agrees byte by byte is settled as it lies, all else is decoded and goes to `matchShard`, which
 * says what matching is. That the two together give what it gives for all rows is held by a test.
 *
 * Rows of one reference lie in one part, so that the parts are matched one by one: decoded are those of one part at a time, and what is
 * kept of it is what did not match. Of that there may be {@link mostUnmatched}; of a shard with more, only the number.
 */
import { agreeingRows } from './agreeing-rows.ts';
import { totalsOfAgreeing } from './agreeing-totals.ts';
import { matchShard } from './match.ts';
import { mergeResults, noLines, noResult, type ShardResult } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import { mostUnmatched, type TooMany, unmatchedIn } from './matched-shards.ts';
import { partsOfShard } from './row-hash.ts';
import { partsIn, type RowIndex, type SideRows, textOfRow } from './row-index.ts';
import { expectationSchema, stagedLineSchema } from './shard-rows.ts';

export interface RowMatching {
  /** @param sides all rows that there are of their references */
  readonly take: (sides: { readonly lines: SideRows; readonly own: SideRows }) => void;
  /** Of rows that can't be held: they count as more than there may be. */
  readonly giveUp: () => void;
  readonly finish: () => ShardResult | TooMany;
}

export function rowMatching(rules: MatchRules, most: number = mostUnmatched): RowMatching {
  const results: ShardResult[] = [];
  let unmatched = 0;
  const totals = totalsOfAgreeing(rules.currency);
  const settleAgreeing = agreeingRows(totals);
  return {
    take: (sides) => {
      const [linesOfPart, ownOfPart] = [partsIn(sides.lines), partsIn(sides.own)];
      for (let part = 0; part < partsOfShard; part++) {
        const [lineRows, ownRows] = [linesOfPart(part), ownOfPart(part)];
        const settled = settleAgreeing(lineRows, ownRows);
        const lines = unsettled(lineRows, settled.lines).map((row) => stagedLineSchema.parse(row));
        const expectations = unsettled(ownRows, settled.own).map((row) => expectationSchema.parse(row));
        const result = matchShard({ lines: [...lines], expectations: [...expectations], rules });
        unmatched += unmatchedIn(result);
        if (unmatched <= most) results.push(result);
      }
    },
    giveUp: () => {
      unmatched += most + 1;
    },
    finish: () => {
      if (unmatched > most) return { unmatched };
      const { count: matched, sums } = totals.take();
      const agreed = { ...noResult, lines: { ...noLines, matched }, theirs: sums, ours: sums };
      return {
        ...mergeResults([agreed, ...results]),
        leftLines: results.flatMap(({ leftLines }) => leftLines),
        leftExpectations: results.flatMap(({ leftExpectations }) => leftExpectations),
      };
    },
  };
}

function* unsettled(index: RowIndex, settled: Uint8Array): Generator<unknown> {
  for (let row = 0; row < index.rows; row++) if (settled[row] === 0) yield JSON.parse(textOfRow(index, row));
}
