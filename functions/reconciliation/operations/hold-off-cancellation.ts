/** The first act of what others see: from here on nobody can cancel. */
import type { Reconciliation } from '../reconciliation.ts';
import type { Run } from '../run.ts';
import { beginPosting } from './batch-state-store.ts';

/** An operator was faster, and the execution is about to be stopped. */
export class ReconciliationCancelled extends Error {
  override readonly name = 'ReconciliationCancelled';
}

/** 1 write unit. @throws ReconciliationCancelled */
export async function holdOffCancellation(
  { table, clock }: Pick<Reconciliation, 'table' | 'clock'>,
  { reconciliationId }: Pick<Run, 'reconciliationId'>,
): Promise<void> {
  if (await beginPosting(table, reconciliationId, clock())) return;
  throw new ReconciliationCancelled(`${reconciliationId} was cancelled`);
}
