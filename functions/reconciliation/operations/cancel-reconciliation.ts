/** An operator stops a reconciliation that has not taken its day: until then nothing that it does is seen by any other. */
import type { ReconciliationId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Batch, Cancellation } from '../batch.ts';
import { readBatch } from '../batch-store.ts';
import { cancelBatch } from './batch-state-store.ts';
import type { StatementOperations } from './statement-operations.ts';

export interface CancelRequest {
  readonly id: ReconciliationId;
  readonly by: Cancellation['by'];
  readonly reason: string;
}

/**
 * The status goes first: a step that runs on for a moment finds it before it takes the day (`takeTurn`), and so leaves nothing behind, no
 * claim and no difference. 3 write units.
 */
export async function cancelReconciliation(
  { table, clock, executions }: Pick<StatementOperations, 'table' | 'clock' | 'executions'>,
  { id, by, reason }: CancelRequest,
): Promise<Batch | Refusal<'not_found' | 'already_posting' | 'already_ended'>> {
  const cancelled = await cancelBatch(table, id, { by, reason, at: clock() });
  const batch = await readBatch(table, id);
  if (!batch) return refuse('not_found', 'There is no such reconciliation.');
  if (!cancelled && batch.status === 'cancelled' && batch.cancellation?.by !== by) {
    return refuse('already_ended', 'Somebody else has cancelled it.');
  }
  if (batch.status !== 'cancelled') {
    return batch.status === 'running' || batch.status === 'failed'
      ? refuse('already_posting', 'It has begun to claim and to post: let it end, and correct the day by another file.')
      : refuse('already_ended', `It has ended as ${batch.status}.`);
  }
  // also where the first try died before it came to this
  await executions.stop(batch.executionName, `cancelled: ${reason}`);
  return batch;
}
