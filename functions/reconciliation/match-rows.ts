/**
 * Matches the rows of one shard: what agrees byte by byte is settled as it lies, all else is decoded and goes to `matchShard`, which
 * says what matching is. That the two together give what it gives for all rows is held by a test.
 */
import { agreeingRows } from './agreeing-rows.ts';
import type { Expectation } from './expectation.ts';
import { matchShard } from './match.ts';
import { mergeResults, noLines, noResult, type ShardResult } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import { indexRows, type RowIndex, textOfRow } from './row-index.ts';
import { expectationSchema, type StagedLine, stagedLineSchema } from './shard-rows.ts';

export interface RowMatching {
  /** @param sides whole rows with their line ends, and all that there are of their references */
  readonly take: (sides: { readonly lines: Buffer; readonly own: Buffer }) => void;
  readonly finish: () => ShardResult;
}

export function rowMatching(rules: MatchRules): RowMatching {
  const lines: StagedLine[] = [];
  const expectations: Expectation[] = [];
  let agreed = noResult;
  return {
    take: (sides) => {
      const [lineRows, ownRows] = [indexRows(sides.lines), indexRows(sides.own)];
      const { count, totals, settled } = agreeingRows(lineRows, ownRows, rules.currency);
      agreed = mergeResults([
        agreed,
        { ...noResult, lines: { ...noLines, matched: count }, theirs: totals, ours: totals },
      ]);
      for (const row of unsettled(lineRows, settled.lines)) lines.push(stagedLineSchema.parse(row));
      for (const row of unsettled(ownRows, settled.own)) expectations.push(expectationSchema.parse(row));
    },
    finish: () => {
      const rest = matchShard({ lines, expectations, rules });
      return { ...rest, ...mergeResults([agreed, rest]) };
    },
  };
}

function* unsettled(index: RowIndex, settled: Uint8Array): Generator<unknown> {
  for (let row = 0; row < index.rows; row++) if (settled[row] === 0) yield JSON.parse(textOfRow(index, row));
}
