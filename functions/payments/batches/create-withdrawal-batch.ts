/**
 * A batch of withdrawals is asked for. The order of things is what makes a crash harmless at any line:
 *
 * 1. the message is queued that carries the batch on, should this request die;
 * 2. the batch is stored with its lines as they were asked for;
 * 3. each line becomes a payment of its own with its amount frozen, as any withdrawal, or its refusal is written down;
 * 4. the message is queued that sends them. Channels are not asked here: one that is silent would use up the caller's time.
 */
import type { InstitutionId } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Batch, type BatchLine, batchIdOf } from './batch.ts';
import { insertBatch, readBatch, type StoredBatch } from './batch-store.ts';
import type { Batches } from './batches.ts';
import { type BatchView, viewBatch } from './find-batch.ts';
import { storeLines } from './store-lines.ts';
import { leaveBatch, takeBatch } from './take-batch.ts';

export interface BatchCommand {
  readonly institutionId: InstitutionId;
  /** the same for every try of one request */
  readonly operationId: string;
  readonly reference: string;
  readonly lines: readonly Omit<BatchLine, 'place'>[];
}

/** As long as the request may run; then the queue's turn comes. */
const requestSeconds = 20;
/** A transaction takes some tens of milliseconds: time for 200 lines of one account, and to answer. */
const storingSeconds = 12;

/** The batch as it then is: its lines stored or refused, and `pending` where the time was up. */
export async function createWithdrawalBatch(
  batches: Batches,
  command: BatchCommand,
): Promise<BatchView | Refusal<'reference_taken'>> {
  const { institutionId, operationId, reference } = command;
  const id = batchIdOf(institutionId, reference);
  await batches.batchQueue.send(id, requestSeconds + 10);
  const now = batches.clock();
  const batch: Batch = {
    ...{ id, institutionId, reference, operationId },
    status: 'storing',
    ...{ createdAt: now, changedAt: now, takenUntil: now },
    refusals: {},
    version: 1,
  };
  const lines = command.lines.map((line, index) => ({ ...line, place: index + 1 }));
  await insertBatch(batches, batch, lines);
  const stored = await readBatch(batches.table, id);
  if (!stored) throw new Error(`the batch ${id} is gone`);
  if (stored.batch.operationId !== operationId) {
    return refuse('reference_taken', `The reference belongs to the batch ${id}.`);
  }
  return viewBatch(batches, await storeInTime(batches, stored));
}

async function storeInTime(batches: Batches, stored: StoredBatch): Promise<StoredBatch> {
  const taken = stored.batch.status === 'storing' && (await takeBatch(batches, stored.batch, requestSeconds));
  if (!taken) return stored;
  const until = new Date(batches.clock().getTime() + 1000 * storingSeconds);
  const { refusals, complete } = await storeLines(batches, taken, { lines: stored.lines, until });
  const batch = await leaveBatch(batches, taken, { refusals, ...(complete && { status: 'sending' }) });
  await batches.batchQueue.send(batch.id, 0);
  return { ...stored, batch };
}
