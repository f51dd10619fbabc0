import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type OrderReference, toTheSecond } from '../orders/order.ts';
import { findOrder, returnPayoutWrites } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';
import { lineOfReturn, type StatementLine } from '../statements/statement-line.ts';

export type ReturnRefusal = 'payout_unknown' | 'already_returned';

/** The bank returns a payout (退票) now, or at the time given, instead of when it was going to. */
export async function returnPayout(
  sandbox: Sandbox,
  reference: OrderReference,
  at?: Date,
): Promise<StatementLine | Refusal<ReturnRefusal>> {
  const order = await findOrder(sandbox, reference);
  if (order?.state !== 'succeeded' || order.kind !== 'payout') {
    return refuse('payout_unknown', 'There is no payout of this number that succeeded.');
  }
  const now = sandbox.clock();
  if (order.returnsAt && order.returnsAt <= now) return refuse('already_returned', 'The payout has been returned.');
  const line = lineOfReturn(order, toTheSecond(at ?? now));
  const commit = await sandbox.commit(returnPayoutWrites(sandbox, order, line));
  return commit.committed ? line : refuse('already_returned', 'The payout was returned in the meantime.');
}
