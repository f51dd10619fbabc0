/** What matching gives: of one order, of a shard, or of a whole day. Merging is addition. */
import type { PaymentId } from '../kernel/ids.ts';
import type { DifferenceFacts } from './difference.ts';
import type { Expectation } from './expectation.ts';
import type { StagedLine } from './shard-rows.ts';
import { addTotals, noTotals, type SideTotals } from './totals.ts';

/** Why matching needs no counterpart for a line. Formats have rules of their own besides (`IgnoredLine`). */
export const ignoredRules = [
  /** a refund or payment that is still under way moved no money */
  'processing_moves_no_money',
  /** so did one that failed or was revoked, and we did not book it either */
  'failed_moves_no_money',
  /** the successful line of an order that another line shows as revoked: the revoked one is compared */
  'revoked_by_other_line',
  /** money that moved between the channel and our own bank account: the arrival check looks after it */
  'settled_to_bank',
  /** what arrived at a bank account of ours from a channel that had settled it */
  'arrival_of_settlement',
] as const;

export type IgnoredRule = (typeof ignoredRules)[number];

/** How many lines each rule took out, by its name; only rules that took any. */
export type IgnoredCounts = Readonly<Record<string, number>>;

/** A payment of ours that is still open and that the channel shows as done, or a return that we don't know of: booked with the line's facts. */
export interface Completion {
  readonly paymentId: PaymentId;
  readonly line: StagedLine;
  readonly expectation: Expectation;
}

/** What the reports say of a line whose end its differences and its own reference don't tell: by its number in the file. */
export type LineNote =
  | { readonly lineNumber: number; readonly became: 'ignored'; readonly rule: IgnoredRule }
  /** matched with a payment of ours that its reference does not name */
  | {
      readonly lineNumber: number;
      readonly became: 'matched';
      readonly paymentId: PaymentId;
      readonly channelOrderNo: string;
    }
  /** a fee of its own, or a part: it ended as that line did */
  | { readonly lineNumber: number; readonly became: 'part'; readonly of: number }
  /** waits for another day's statement */
  | { readonly lineNumber: number; readonly became: 'carried' };

export interface MatchResult {
  /** what became of the lines; together they are all lines but those left over */
  readonly lines: LineCounts;
  readonly differences: readonly DifferenceFacts[];
  /** one for each ignored or carried line, each further part, and those matched lines whose payment their reference does not name */
  readonly notes: readonly LineNote[];
  readonly completions: readonly Completion[];
  /** payments that are open on both sides: no difference, but not done either */
  readonly stillOpen: number;
  /** what the channel says that it moved */
  readonly theirs: SideTotals;
  /** what we booked, completions included */
  readonly ours: SideTotals;
  /** where the channel charges all of a day in one sum: what that should be, by the orders that were matched */
  readonly feesDue: bigint;
  /** what the channel paid out to our own bank account, or had back from it */
  readonly settlements: readonly StagedLine[];
}

export interface LineCounts {
  readonly matched: number;
  readonly differing: number;
  readonly ignored: IgnoredCounts;
}

export interface ShardResult extends MatchResult {
  readonly leftLines: readonly StagedLine[];
  readonly leftExpectations: readonly Expectation[];
}

export const noLines: LineCounts = {
  matched: 0,
  differing: 0,
  ignored: {},
};

export const noResult: MatchResult = {
  lines: noLines,
  differences: [],
  notes: [],
  completions: [],
  stillOpen: 0,
  theirs: noTotals,
  ours: noTotals,
  feesDue: 0n,
  settlements: [],
};

export function mergeResults(results: readonly MatchResult[]): MatchResult {
  const differences: DifferenceFacts[] = [];
  const completions: Completion[] = [];
  const settlements: StagedLine[] = [];
  const notes: LineNote[] = [];
  let merged = noResult;
  for (const result of results) {
    for (const each of result.differences) differences.push(each);
    for (const each of result.notes) notes.push(each);
    for (const each of result.completions) completions.push(each);
    for (const each of result.settlements) settlements.push(each);
    merged = {
      ...merged,
      lines: addLineCounts(merged.lines, result.lines),
      stillOpen: merged.stillOpen + result.stillOpen,
      feesDue: merged.feesDue + result.feesDue,
      theirs: result.theirs === noTotals ? merged.theirs : addTotals(merged.theirs, result.theirs),
      ours: result.ours === noTotals ? merged.ours : addTotals(merged.ours, result.ours),
    };
  }
  return { ...merged, differences, notes, completions, settlements };
}

const addLineCounts = (left: LineCounts, right: LineCounts): LineCounts => ({
  matched: left.matched + right.matched,
  differing: left.differing + right.differing,
  ignored: right.ignored === noLines.ignored ? left.ignored : addIgnored(left.ignored, right.ignored),
});

export function addIgnored(left: IgnoredCounts, right: IgnoredCounts): IgnoredCounts {
  const sum: Record<string, number> = { ...left };
  for (const [rule, count] of Object.entries(right)) sum[rule] = (sum[rule] ?? 0) + count;
  return sum;
}
