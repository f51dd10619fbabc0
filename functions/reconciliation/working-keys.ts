/** Where the working files of one reconciliation lie. Each step overwrites its own, so that a repeat gives the same. */
import type { ReconciliationId } from '../kernel/ids.ts';

/** Of the rows that one worker staged. */
export interface RowKeys {
  /** of each piece and shard, how many bytes there are: `staged-rows.ts` */
  readonly index: string;
  readonly rows: (piece: number, shard: number) => string;
}

const rowKeys = (folder: string): RowKeys => ({
  index: `${folder}/rows.json`,
  rows: (piece, shard) => `${folder}/piece-${piece}/shard-${shard}.jsonl`,
});

export const workingKeys = (id: ReconciliationId) => ({
  /** the decompressed statement, where it came compressed */
  content: `${id}/content`,
  /** a document, laid out as one record a line */
  records: `${id}/records.jsonl`,
  frame: `${id}/frame.json`,
  /** the statement profile that the run goes by, where it goes by one */
  profile: `${id}/profile.json`,
  ranges: `${id}/plan/ranges.json`,
  expectationShards: `${id}/plan/expectation-shards.json`,
  shards: `${id}/plan/shards.json`,
  channelRows: (range: number): RowKeys => rowKeys(`${id}/channel/range-${range}`),
  /** lines that the format ignores: `[line number, rule]` each */
  ignoredLines: (range: number) => `${id}/channel/range-${range}/ignored.jsonl`,
  channelSummary: (range: number) => `${id}/channel/range-${range}/summary.json`,
  ownRows: (expectationShard: number): RowKeys => rowKeys(`${id}/own/part-${expectationShard}`),
  matched: (shard: number) => `${id}/match/shard-${shard}.json`,
  completions: `${id}/conclude/completions.json`,
  /** what became of lines that did not plainly match, in their order: for the reports */
  outcomes: `${id}/conclude/outcomes.jsonl`,
  /** differences of earlier versions that this one does not show */
  closing: `${id}/conclude/closing.json`,
});

/** In the statement bucket, since it is kept as long as the statement. */
export const lineErrorsKey = (id: ReconciliationId): string => `reports/${id}/line-errors.json`;

/** What proves that a day agreed; beside the line errors. */
export const proofKey = (id: ReconciliationId): string => `reports/${id}/proof.json`;
