import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { callbackOfReturn } from '../callbacks/callback.ts';
import { type OrderReference, toTheSecond } from '../orders/order.ts';
import { findOrder, returnPayoutWrites } from '../orders/order-store.ts';
import { findReserve, moveReserve } from '../orders/reserve-store.ts';
import type { Sandbox } from '../sandbox.ts';
import { lineOfReturn, type StatementLine } from '../statements/statement-line.ts';

export type ReturnRefusal = 'payout_unknown' | 'already_returned';

export interface ReturnCommand extends OrderReference {
  /** now, unless given */
  readonly at?: Date | undefined;
  /** whether the merchant is told at once; else it learns of it from the statement of that day */
  readonly callback: boolean;
}

/** The bank returns a payout (退票) instead of when it was going to, if ever. The money is in the reserve again. */
export async function returnPayout(
  sandbox: Sandbox,
  { at, callback, ...reference }: ReturnCommand,
): Promise<StatementLine | Refusal<ReturnRefusal>> {
  const order = await findOrder(sandbox, reference);
  if (order?.state !== 'succeeded' || order.kind !== 'payout') {
    return refuse('payout_unknown', 'There is no payout of this number that succeeded.');
  }
  const now = sandbox.clock();
  if (order.returnsAt && order.returnsAt <= now) return refuse('already_returned', 'The payout has been returned.');
  const line = lineOfReturn(order, toTheSecond(at ?? now));
  const reserve = await findReserve(sandbox, order);
  const commit = await sandbox.commit([
    ...returnPayoutWrites(sandbox, order, line),
    ...(reserve?.currency === order.currency ? [moveReserve(sandbox, order, order)] : []),
  ]);
  if (!commit.committed) return refuse('already_returned', 'The payout was returned in the meantime.');
  const told = callback ? callbackOfReturn(order, line) : undefined;
  if (told) await sandbox.callBack(told);
  return line;
}
