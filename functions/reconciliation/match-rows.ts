/**
 * Matches the rows of one shard: what agrees byte by byte is settled as it lies, all else is decoded and goes to `matchShard`, which
 * says what matching is. That the two together give what it gives for all rows is held by a test.
 */
import { agreeingRows } from './agreeing-rows.ts';
import { totalsOfAgreeing } from './agreeing-totals.ts';
import type { Expectation } from './expectation.ts';
import { matchShard } from './match.ts';
import { mergeResults, noLines, noResult, type ShardResult } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import { partsOfShard } from './row-hash.ts';
import { partsIn, type RowIndex, type SideRows, textOfRow } from './row-index.ts';
import { expectationSchema, type StagedLine, stagedLineSchema } from './shard-rows.ts';

export interface RowMatching {
  /** @param sides all rows that there are of their references */
  readonly take: (sides: { readonly lines: SideRows; readonly own: SideRows }) => void;
  readonly finish: () => ShardResult;
}

export function rowMatching(rules: MatchRules): RowMatching {
  const lines: StagedLine[] = [];
  const expectations: Expectation[] = [];
  const totals = totalsOfAgreeing(rules.currency);
  const settleAgreeing = agreeingRows(totals);
  return {
    take: (sides) => {
      const [linesOfPart, ownOfPart] = [partsIn(sides.lines), partsIn(sides.own)];
      for (let part = 0; part < partsOfShard; part++) {
        const [lineRows, ownRows] = [linesOfPart(part), ownOfPart(part)];
        const settled = settleAgreeing(lineRows, ownRows);
        for (const row of unsettled(lineRows, settled.lines)) lines.push(stagedLineSchema.parse(row));
        for (const row of unsettled(ownRows, settled.own)) expectations.push(expectationSchema.parse(row));
      }
    },
    finish: () => {
      const rest = matchShard({ lines, expectations, rules });
      const { count: matched, sums } = totals.take();
      const agreed = { ...noResult, lines: { ...noLines, matched }, theirs: sums, ours: sums };
      return { ...rest, ...mergeResults([agreed, rest]) };
    },
  };
}

function* unsettled(index: RowIndex, settled: Uint8Array): Generator<unknown> {
  for (let row = 0; row < index.rows; row++) if (settled[row] === 0) yield JSON.parse(textOfRow(index, row));
}
