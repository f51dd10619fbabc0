/** A channel that charges all of a day's orders in one sum: that sum against what each should have cost. */
import { partsOf } from './compare.ts';
import type { DifferenceFacts } from './difference.ts';
import { type MatchResult, noLines, noResult } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import type { StagedLine } from './shard-rows.ts';
import { totalOf } from './totals.ts';

/** Takes the day's charges out of the lines; they differ together or not at all. */
export function matchDailyFees(
  lines: readonly StagedLine[],
  { feesDue, rules }: { readonly feesDue: bigint; readonly rules: MatchRules },
): MatchResult & { readonly leftLines: readonly StagedLine[] } {
  if (rules.fees === 'per_line') return { ...noResult, leftLines: lines };
  const isCharge = ({ kind, currency }: StagedLine) => kind === 'fee' && currency === rules.currency;
  const charges = lines.filter(isCharge);
  const leftLines = lines.filter((line) => !isCharge(line));
  const charged = charges.reduce((sum, { fee }) => sum + fee, 0n);
  const theirs = totalOf(charges);
  const notes = partsOf(charges);
  if (charged === feesDue) {
    return { ...noResult, lines: { ...noLines, matched: charges.length }, notes, theirs, leftLines };
  }
  const [first] = charges;
  const difference: DifferenceFacts = {
    type: 'fee_mismatch',
    kind: 'fee',
    key: 'fee:daily',
    ...(first && { lineNumber: first.lineNumber }),
    adjustment: feesDue - charged,
  };
  return {
    ...noResult,
    lines: { ...noLines, differing: charges.length },
    differences: [difference],
    notes,
    theirs,
    leftLines,
  };
}
