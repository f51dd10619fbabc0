/** One at a time works on a batch; who dies over it is followed by another when its time is up. */
import type { Payments } from '../payments.ts';
import type { Batch } from './batch.ts';
import { replaceBatch } from './batch-store.ts';

/** @returns the batch as whoever called has it now; undefined while another works on it */
export async function takeBatch(
  { table, clock }: Pick<Payments, 'table' | 'clock'>,
  batch: Batch,
  seconds: number,
): Promise<Batch | undefined> {
  const now = clock();
  if (batch.takenUntil > now) return undefined;
  const takenUntil = new Date(now.getTime() + 1000 * seconds);
  const taken = { ...batch, takenUntil, changedAt: now, version: batch.version + 1 };
  return (await replaceBatch(table, batch, taken)) ? taken : undefined;
}

/**
 * Writes down how far it has come, and leaves it to others.
 *
 * @throws Error when another has taken it, since our time was up: it goes on from what is stored
 */
export async function leaveBatch(
  { table, clock }: Pick<Payments, 'table' | 'clock'>,
  batch: Batch,
  progress: Partial<Pick<Batch, 'status' | 'refusals'>>,
): Promise<Batch> {
  const now = clock();
  const left = { ...batch, ...progress, takenUntil: now, changedAt: now, version: batch.version + 1 };
  if (!(await replaceBatch(table, batch, left))) throw new Error(`another has taken the batch ${batch.id}`);
  return left;
}
