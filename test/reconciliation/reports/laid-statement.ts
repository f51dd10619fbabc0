/** A statement as its steps leave it in the working bucket, up to what Conclude tells the reports. */
import { planByteRanges } from '../../../functions/reconciliation/byte-ranges.ts';
import type { Expectation } from '../../../functions/reconciliation/expectation.ts';
import { type WorkingFiles, writeJson, writeStream, writeText } from '../../../functions/reconciliation/files.ts';
import { format as sandboxCsv } from '../../../functions/reconciliation/formats/sandbox-csv.ts';
import type { MatchResult } from '../../../functions/reconciliation/match-result.ts';
import { encodeOutcomes } from '../../../functions/reconciliation/reports/line-outcomes.ts';
import type { PlannedRun } from '../../../functions/reconciliation/run.ts';
import { stageLines } from '../../../functions/reconciliation/stage-channel-rows.ts';
import { workingKeys } from '../../../functions/reconciliation/working-keys.ts';
import { merchantNo } from '../sample-day.ts';
import { chunksOf, frameOf, type Layout, reconcile, writeStaged } from '../staged-day.ts';

/** Nothing waits for another day, or for this one. */
export const noChanges = { claim: [], put: [] } as const;

export interface Laid {
  readonly run: PlannedRun;
  readonly result: MatchResult;
}

/** @param run of which the numbers of ranges and shards become those of the layout */
export async function layStatement(
  files: WorkingFiles,
  run: PlannedRun,
  { text, expectations, layout }: { text: string; expectations: readonly Expectation[]; layout: Layout },
): Promise<Laid> {
  const keys = workingKeys(run.reconciliationId);
  const bytes = Buffer.from(text);
  const frame = frameOf(sandboxCsv, bytes);
  const ranges = await planByteRanges(chunksOf(bytes, layout.chunkBytes), {
    start: frame.detailsStart,
    end: frame.detailsEnd,
    firstLineNumber: frame.firstLineNumber,
    rangeBytes: layout.rangeBytes,
    maximumLineBytes: 65_536,
  });
  if (!ranges) throw new Error('a line is too long');
  for (const { range, start, end, firstLineNumber } of ranges) {
    const staged = stageLines({
      format: sandboxCsv,
      frame,
      text: bytes.subarray(start, end).toString(),
      firstLineNumber,
      shards: layout.shards,
      merchantNo,
      isOfDay: () => true,
    });
    await writeStaged(files, keys.channelRows(range), staged.rows);
    await writeText(files, keys.ignoredLines(range), staged.ignoredLines.join(''));
    await writeJson(files, keys.channelSummary(range), { ...staged.summary, wrongEncoding: false });
  }
  const { result } = await reconcile(text, expectations, layout);
  await writeStream(files, keys.outcomes, encodeOutcomes({ result, changes: noChanges }));
  return { run: { ...run, plan: { ...run.plan, ranges: ranges.length, shards: layout.shards } }, result };
}
