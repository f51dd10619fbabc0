/** Plan: the byte ranges of the file and the number of shards, written as the items of the maps. */
import { expectationShards } from '../payments/index.ts';
import { planByteRanges } from './byte-ranges.ts';
import { readJson, streamFile, writeJson } from './files.ts';
import { frameSchema } from './frame-file.ts';
import type { Reconciliation } from './reconciliation.ts';
import { reject } from './rejection.ts';
import type { IdentifiedRun, Plan } from './run.ts';
import { workingKeys } from './working-keys.ts';

/** A worker holds the rows of a range, about half of its bytes, and a piece of 4 MiB of it. */
const rangeBytes = 32 * 1024 ** 2;

/** No line of any format is a tenth as long; a longer one would be kept in memory. */
const maximumLineBytes = 64 * 1024;

/**
 * Some 130 000 lines, and as many payments of ours on a day that balances: 30 MB of rows in memory. With ranges of the same size,
 * a day of a million lines takes 170 objects.
 */
const shardBytes = 32 * 1024 ** 2;

/** One pass over the file. A line that is too long is left to Conclude, which turns the file away. */
export async function planStaging({ files }: Pick<Reconciliation, 'files'>, run: IdentifiedRun): Promise<Plan> {
  const keys = workingKeys(run.reconciliationId);
  const frame = frameSchema.parse(await readJson(files, run.identified.frameKey));
  const planned = await planByteRanges(streamFile(files, run.identified.content), {
    start: frame.detailsStart,
    end: frame.detailsEnd,
    firstLineNumber: frame.firstLineNumber,
    rangeBytes,
    maximumLineBytes,
  });
  const { detailsStart, firstLineNumber } = frame;
  const ranges = planned ?? [{ range: 0, start: detailsStart, end: detailsStart, firstLineNumber }];
  const shards = Math.max(1, Math.ceil((frame.detailsEnd - frame.detailsStart) / shardBytes));
  const numbered = (count: number) => Array.from({ length: count }, (_, shard) => ({ shard }));
  await Promise.all([
    writeJson(files, keys.ranges, ranges),
    writeJson(files, keys.expectationShards, numbered(expectationShards)),
    writeJson(files, keys.shards, numbered(shards)),
  ]);
  return {
    ranges: ranges.length,
    expectationShards,
    shards,
    rangesKey: keys.ranges,
    expectationShardsKey: keys.expectationShards,
    shardsKey: keys.shards,
    ...(!planned && { rejection: reject('line_too_long', `A line has more than ${maximumLineBytes} bytes.`) }),
  };
}
