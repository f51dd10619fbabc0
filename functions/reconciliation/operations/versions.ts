/** The versions of a day as operators and newcomers look through them. */
import type { Table } from '../../kernel/table.ts';
import type { Batch } from '../batch.ts';
import type { BatchStatus } from '../batch-status.ts';
import { readBatch } from '../batch-store.ts';
import { reconciliationIdOf, type Series } from '../statement-key.ts';

/** A version that came to nothing: it stands in nobody's way, and the same content may come again. */
export const isOutOfTheWay = (status: BatchStatus): boolean =>
  status === 'rejected' || status === 'failed' || status === 'cancelled';

/** The newest first. A read unit per 4 KiB of each, about one. @throws Error when a version is counted but not recorded */
export async function* versionsOf(table: Table, series: Series, latestVersion: number): AsyncGenerator<Batch> {
  for (let version = latestVersion; version >= 1; version--) {
    const batch = await readBatch(table, reconciliationIdOf(series, version));
    if (!batch) throw new Error(`version ${version} is counted but not recorded`);
    yield batch;
  }
}
