/** Match: joins one shard's two sides from their files. */
import { readText, writeJson } from './files.ts';
import { matchShard } from './match.ts';
import { encodeShardResult } from './match-file.ts';
import type { Reconciliation } from './reconciliation.ts';
import { type PlannedRun, rulesOf } from './run.ts';
import { decodeRows, expectationSchema, stagedLineSchema } from './shard-rows.ts';
import { workingKeys } from './working-keys.ts';

export async function matchStaged(
  { files }: Pick<Reconciliation, 'files'>,
  { run, item }: { readonly run: PlannedRun; readonly item: { readonly shard: number } },
): Promise<void> {
  const keys = workingKeys(run.reconciliationId);
  const { plan, identified } = run;
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
  const [channelTexts, ownTexts] = await Promise.all([
    Promise.all(numbers(plan.ranges).map((range) => readText(files, keys.channelRows(range, item.shard)))),
    Promise.all(numbers(plan.expectationShards).map((part) => readText(files, keys.ownRows(part, item.shard)))),
  ]);
  const result = matchShard({
    lines: channelTexts.flatMap((text) => decodeRows(text, stagedLineSchema)),
    expectations: ownTexts.flatMap((text) => decodeRows(text, expectationSchema)),
    rules: rulesOf(identified),
  });
  await writeJson(files, keys.matched(item.shard), encodeShardResult(result));
}
