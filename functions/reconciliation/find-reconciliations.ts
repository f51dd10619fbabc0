/** What callers may see of reconciliations: their own institution's, or everyone's for operators. */
import { inScope, type Scope } from '../kernel/caller.ts';
import type { ReconciliationId } from '../kernel/ids.ts';
import { encodeCursor, type Page, type PageRequest } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Batch } from './batch.ts';
import { type BatchListRequest, listBatches } from './batch-list-store.ts';
import { readBatch } from './batch-store.ts';
import { type Difference, differencesOfVersion } from './difference-store.ts';
import type { DifferenceType } from './difference-types.ts';
import { readObject } from './files.ts';
import { lineErrorsSchema } from './range-summary.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { LineError } from './statement-line.ts';
import { lineErrorsKey } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table'>;
type NotFound = Refusal<'not_found'>;

export async function listReconciliations({ table }: Needs, request: BatchListRequest): Promise<Page<Batch>> {
  const { items, continueAfter } = await listBatches(table, request);
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}

export async function findReconciliation(
  { table }: Needs,
  scope: Scope,
  id: ReconciliationId,
): Promise<Batch | NotFound> {
  const batch = await readBatch(table, id);
  if (!batch || !inScope(scope, batch.institutionId)) return refuse('not_found', 'There is no such reconciliation.');
  return batch;
}

/** A difference as a version of its day shows it. */
export interface ShownDifference {
  readonly difference: Difference;
  readonly version: number;
}

export async function listDifferences(
  { table }: Needs,
  scope: Scope,
  {
    id,
    type,
    limit,
    after,
  }: PageRequest & { readonly id: ReconciliationId; readonly type?: DifferenceType | undefined },
): Promise<Page<ShownDifference> | NotFound> {
  const batch = await findReconciliation({ table }, scope, id);
  if (isRefusal(batch)) return batch;
  // a version that was turned away, or is not that far yet, has found none of what its day shows
  if (!batch.conclusion) return { items: [], nextCursor: null };
  const { version, series } = batch;
  const { differences, continueAfter } = await differencesOfVersion(table, series, { version, type, limit, after });
  const items = differences.map((difference) => ({ difference, version }));
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}

/** An answer of an API may have 6 MB; an operator has seen enough by then. The statement shows the others. */
const maximumLineErrors = 1_000;

export async function readLineErrors(
  { files }: { readonly files: Pick<Reconciliation['files'], 'client'> },
  batch: Batch,
): Promise<{ readonly total: number; readonly items: readonly LineError[] }> {
  const total = batch.conclusion?.lines.errors ?? 0;
  if (total === 0) return { total, items: [] };
  const text = await readObject(files, { bucket: batch.file.bucket, key: lineErrorsKey(batch.id) });
  return { total, items: lineErrorsSchema.parse(JSON.parse(text)).slice(0, maximumLineErrors) };
}
