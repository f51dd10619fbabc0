/** Each line of a batch becomes a withdrawal of its own, its amount frozen, or is refused. */
import { inLanes } from '../../kernel/in-lanes.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { storeNewPayment } from '../create-payment.ts';
import { paymentIdOf } from '../payment.ts';
import { readPayment } from '../payment-store.ts';
import type { Payments } from '../payments.ts';
import { type Batch, type BatchLine, creationOf, isRefused, type LineRefusal } from './batch.ts';
import { byAccount, firstCheckOfLine, maximumLanes } from './batches.ts';

export interface StoredLines {
  /** those known before and those of this run */
  readonly refusals: Batch['refusals'];
  /** false when the time was up before the last line */
  readonly complete: boolean;
}

/**
 * What is stored or refused already stays so. The cost of a withdrawal's storing for each line, one after the other for those of
 * one account.
 *
 * @param until when to stop and leave the rest to the queue
 */
export async function storeLines(
  payments: Payments,
  batch: Batch,
  { lines, until }: { readonly lines: readonly BatchLine[]; readonly until: Date },
): Promise<StoredLines> {
  const refusals = new Map(Object.entries(batch.refusals));
  let complete = true;
  const waiting = lines.filter((line) => !isRefused(batch, line));
  await inLanes(
    byAccount(waiting, ({ accountId }) => accountId),
    maximumLanes,
    async (ofAccount) => {
      for (const line of ofAccount) {
        if (payments.clock() >= until) {
          complete = false;
          return;
        }
        const refusal = await storeLine(payments, batch, line);
        if (refusal) refusals.set(String(line.place), refusal);
      }
    },
  );
  return { refusals: Object.fromEntries(refusals), complete };
}

async function storeLine(payments: Payments, batch: Batch, line: BatchLine): Promise<LineRefusal | undefined> {
  const creation = creationOf(batch, line);
  const existing = await readPayment(payments.table, paymentIdOf(batch.institutionId, line.reference));
  const stored = existing ? { payment: existing } : await storeNewPayment(payments, creation, firstCheckOfLine);
  if (isRefusal(stored)) return { refused: stored.refused, detail: stored.detail };
  return stored.payment.operationId === creation.operationId
    ? undefined
    : refuse('reference_taken', `The reference belongs to the transaction ${stored.payment.id}.`);
}
