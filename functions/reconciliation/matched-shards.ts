/**
 * What Match leaves of each shard, and how much of it Conclude takes: everything that no shard could match lies in its memory at
 * once, since it may come together over shards and days.
 */
import * as z from 'zod';
import { readJson, type WorkingFiles, writeJson } from './files.ts';
import { encodeShardResult, shardResultSchema } from './match-file.ts';
import type { ShardResult } from './match-result.ts';
import { type Rejection, reject } from './rejection.ts';
import type { PlannedRun } from './run.ts';
import { workingKeys } from './working-keys.ts';

/**
 * Lines and payments of a day that found no counterpart in their shard, and differences, each a row. Conclude takes some 1.5 KB for
 * one: 600 MB in all, of its 1 024. A day on which nothing names our orders, such as a bank's, has two rows for each movement.
 */
export const mostUnmatched = 400_000;

/** A shard that has more of them by itself: only their number is kept. */
export interface TooMany {
  readonly unmatched: number;
}

export const isTooMany = (result: ShardResult | TooMany): result is TooMany => 'unmatched' in result;

export const unmatchedIn = ({ leftLines, leftExpectations, differences }: ShardResult): number =>
  leftLines.length + leftExpectations.length + differences.length;

const matchedSchema = z.union([z.strictObject({ unmatched: z.int() }), shardResultSchema]);

export const writeMatched = (files: WorkingFiles, key: string, result: ShardResult | TooMany): Promise<void> =>
  writeJson(files, key, isTooMany(result) ? result : encodeShardResult(result));

/** Stops reading where there are too many. @throws Error where a shard was not matched */
export async function readMatched(
  files: WorkingFiles,
  { reconciliationId, plan }: Pick<PlannedRun, 'reconciliationId' | 'plan'>,
  most: number = mostUnmatched,
): Promise<readonly ShardResult[] | Rejection> {
  const { matched } = workingKeys(reconciliationId);
  const results: ShardResult[] = [];
  let unmatched = 0;
  for (let shard = 0; shard < plan.shards; shard++) {
    const result = matchedSchema.parse(await readJson(files, matched(shard)));
    unmatched += isTooMany(result) ? result.unmatched : unmatchedIn(result);
    if (isTooMany(result) || unmatched > most) {
      const so = `${unmatched} lines and payments of ${shard + 1} of ${plan.shards} shards`;
      return reject('too_many_unmatched', `${so} have no counterpart that agrees: a day may have ${most} at most.`);
    }
    results.push(result);
  }
  return results;
}
