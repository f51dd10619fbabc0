/** The queue's part of a batch: stores what the request left, and sends each channel its lines. */
import type { BatchId } from '../../kernel/ids.ts';
import { readBatch } from './batch-store.ts';
import type { Batches } from './batches.ts';
import { sendLines } from './send-lines.ts';
import { storeLines } from './store-lines.ts';
import { leaveBatch, takeBatch } from './take-batch.ts';

/** `sent`: now or since before. `busy`: another works on it, and it is looked at again. `never_stored`: the request died first. */
export type BatchOutcome = 'sent' | 'busy' | 'never_stored';

/** As long as the function may run. */
export const carrySeconds = 180;
const busySeconds = 30;

export async function carryBatchOn(batches: Batches, id: BatchId): Promise<BatchOutcome> {
  const stored = await readBatch(batches.table, id);
  if (!stored) return 'never_stored';
  if (stored.batch.status === 'sent') return 'sent';
  const taken = await takeBatch(batches, stored.batch, carrySeconds);
  if (!taken) {
    await batches.batchQueue.send(id, busySeconds);
    return 'busy';
  }
  const refusals = taken.status === 'storing' ? await storeAll(batches, { ...stored, batch: taken }) : taken.refusals;
  const batch = { ...taken, refusals };
  await sendLines(batches, { ...stored, batch });
  await leaveBatch(batches, batch, { status: 'sent' });
  return 'sent';
}

async function storeAll(batches: Batches, { batch, lines }: NonNullable<Awaited<ReturnType<typeof readBatch>>>) {
  const until = new Date(batch.takenUntil.getTime());
  const { refusals, complete } = await storeLines(batches, batch, { lines, until });
  if (!complete) throw new Error(`the lines of the batch ${batch.id} take longer than ${carrySeconds} s`);
  return refusals;
}
