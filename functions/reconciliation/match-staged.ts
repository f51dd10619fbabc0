/** Match: joins one shard's two sides from their files. */
import { writeJson } from './files.ts';
import { encodeShardResult } from './match-file.ts';
import { rowMatching } from './match-rows.ts';
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
    const sides = { lines: await readRows(files, lineFiles, share), own: await readRows(files, ownFiles, share) };
    matching.take(sides);
    releaseRows(sides.lines);
    releaseRows(sides.own);
  }
  const result = matching.finish();
  await writeJson(files, keys.matched(item.shard), encodeShardResult(result));
  const { matched, differing, ignored } = result.lines;
  const passedOver = Object.values(ignored).reduce((sum, count) => sum + count, 0);
  return { lines: matched + differing + passedOver + result.leftLines.length };
}
