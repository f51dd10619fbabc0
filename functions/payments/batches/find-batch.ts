/** A batch with what has become of its lines. */
import type { BatchId, InstitutionId } from '../../kernel/ids.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import type { Money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Payment, paymentIdOf } from '../payment.ts';
import { isOpen, type PaymentStatus } from '../payment-states.ts';
import { readPayment } from '../payment-store.ts';
import type { Payments } from '../payments.ts';
import type { Batch, BatchLine, BatchStatus, LineRefusal } from './batch.ts';
import { readBatch, type StoredBatch } from './batch-store.ts';

/** `pending`: it is still to be stored. `refused`: nothing was stored. Else its payment's. */
export type LineStatus = 'pending' | 'refused' | PaymentStatus;

export interface LineView extends BatchLine {
  readonly status: LineStatus;
  readonly payment?: Payment;
  readonly refusal?: LineRefusal;
}

export interface BatchView {
  readonly batch: Batch;
  /** `completed`: every line has its end */
  readonly status: BatchStatus | 'completed';
  readonly totals: readonly { readonly status: LineStatus; readonly count: number; readonly amount: Money }[];
  readonly lines: readonly LineView[];
}

/** 1 read unit a line, and ten for the batch. */
export async function findBatch(
  payments: Pick<Payments, 'table'>,
  { institutionId, id }: { readonly institutionId: InstitutionId; readonly id: BatchId },
): Promise<BatchView | Refusal<'not_found'>> {
  const stored = await readBatch(payments.table, id);
  if (stored?.batch.institutionId !== institutionId) return refuse('not_found', 'There is no such batch.');
  return viewBatch(payments, stored);
}

export async function viewBatch({ table }: Pick<Payments, 'table'>, stored: StoredBatch): Promise<BatchView> {
  const { batch } = stored;
  const lines = await inLanes(stored.lines, 20, async (line): Promise<LineView> => {
    const refusal = batch.refusals[String(line.place)];
    if (refusal) return { ...line, status: 'refused', refusal };
    const payment = await readPayment(table, paymentIdOf(batch.institutionId, line.reference));
    // another's payment of this reference: the line is about to be refused
    return payment?.batchNo === batch.id
      ? { ...line, status: payment.status, payment }
      : { ...line, status: 'pending' };
  });
  const ended = lines.every(({ payment, refusal }) => refusal || (payment && !isOpen(payment.status)));
  return {
    batch,
    status: batch.status === 'sent' && ended ? 'completed' : batch.status,
    totals: totalsOf(lines),
    lines,
  };
}

function totalsOf(lines: readonly LineView[]): BatchView['totals'] {
  const groups = Map.groupBy(lines, ({ status, amount }) => `${status}#${amount.currency}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const sum = group.reduce((total, { amount }) => total + amount.amount, 0n);
    return [{ status: first.status, count: group.length, amount: { ...first.amount, amount: sum } }];
  });
}
