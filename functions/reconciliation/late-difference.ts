/** A conclusion whose completion was refused after it was drawn: the line differs after all. */
import type { Conclusion } from './batch.ts';
import type { DifferenceFacts } from './difference.ts';
import type { Completion } from './match-result.ts';
import { subtractTotals, totalOf } from './totals.ts';

export function withLateDifference(
  conclusion: Conclusion,
  { line, expectation }: Completion,
  facts: DifferenceFacts,
): Conclusion {
  const before = conclusion.differences[facts.type];
  const agreed = line.amount === expectation.amount && line.fee === expectation.fee;
  const { matched, differing } = conclusion.lines;
  return {
    ...conclusion,
    lines: agreed ? { ...conclusion.lines, matched: matched - 1, differing: differing + 1 } : conclusion.lines,
    differences: {
      ...conclusion.differences,
      [facts.type]: { count: before.count + 1, adjustment: before.adjustment + facts.adjustment },
    },
    completed: conclusion.completed - 1,
    ours: subtractTotals(conclusion.ours, totalOf([expectation])),
  };
}
