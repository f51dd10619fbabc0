/** What matching takes: both sides, and the rules that the settlement account and the channel's policy set. */
import type { Currency } from '../kernel/money.ts';
import type { Expectation } from './expectation.ts';
import type { StagedLine } from './shard-rows.ts';

export interface MatchRules {
  /** of the settlement account */
  readonly currency: Currency;
  /** whether the channel names the fee of each order, or charges all of a day's in one sum */
  readonly fees: 'per_line' | 'daily_total';
}

export interface ShardSides {
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
  readonly rules: MatchRules;
}
