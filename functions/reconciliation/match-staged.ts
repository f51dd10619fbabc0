/** Match: joins one shard's two sides from their files. */
import { rowMatching } from './match-rows.ts';
import { isTooMany, writeMatched } from './matched-shards.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type PlannedRun, rulesOf } from './run.ts';
import { passesOf, readRows, releaseRows } from './shard-files.ts';
import { filesOfShard } from './staged-rows.ts';
import { workingKeys } from './working-keys.ts';

/**
 * Reads each file of the shard once. A shard whose rows are more than a worker should hold is matched in passes, each of which
 * reads the files again and keeps a part of the references.
 */
export async function matchStaged(
  { files }: Pick<Reconciliation, 'files'>,
  { run, item }: { readonly run: PlannedRun; readonly item: { readonly shard: number } },
): Promise<{ readonly lines: number }> {
  const keys = workingKeys(run.reconciliationId);
  const { plan, identified } = run;
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const lineFiles = await filesOfShard(files, numbers(plan.ranges).map(keys.channelRows), item.shard);
  const ownFiles = await filesOfShard(files, numbers(plan.expectationShards).map(keys.ownRows), item.shard);
  const passes = passesOf([...lineFiles, ...ownFiles]);
  const matching = rowMatching(rulesOf(identified));
  for (const pass of numbers(passes)) {
    const share = { pass, passes };
    const lines = await readRows(files, lineFiles, share);
    const own = lines && (await readRows(files, ownFiles, share));
    if (!lines || !own) matching.giveUp();
    else matching.take({ lines, own });
    if (lines) releaseRows(lines);
    if (own) releaseRows(own);
  }
  const result = matching.finish();
  await writeMatched(files, keys.matched(item.shard), result);
  if (isTooMany(result)) return { lines: 0 };
  const { matched, differing, ignored } = result.lines;
  const passedOver = Object.values(ignored).reduce((sum, count) => sum + count, 0);
  return { lines: matched + differing + passedOver + result.leftLines.length };
}
