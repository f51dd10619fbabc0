/** How an order ends: as its behaviour says, in the books and to whoever waits. */
import type { Write } from '../../kernel/write.ts';
import { callbackOfOrder } from '../callbacks/callback.ts';
import { type Fee, feeOf, givenBackOf } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { lineOfOrder, lineOfReturn, type StatementLine } from '../statements/statement-line.ts';
import type { OrderBehaviour } from '../test-cards.ts';
import {
  type Order,
  type OrderFacts,
  type RefusedOrder,
  type SucceededOrder,
  toTheSecond,
  tradeNumber,
} from './order.ts';

const dayMs = 24 * 60 * 60 * 1000;

export interface End {
  readonly behaviour: OrderBehaviour;
  readonly fee: Fee;
  readonly now: Date;
}

export function endedOrder(facts: OrderFacts, { behaviour, fee, now }: End): SucceededOrder | RefusedOrder {
  const seconds = behaviour.endsAfterSeconds;
  const endsAt = seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000);
  if (behaviour.books === 'succeeded') return succeededOrder(facts, { behaviour, fee, endsAt, now });
  return refusedOrder(facts, behaviour.reason ?? 'refused', {
    ...(behaviour.retryElsewhere && { retryElsewhere: true }),
    ...(endsAt && { endsAt }),
  });
}

export const refusedOrder = (
  facts: OrderFacts,
  reason: string,
  more: Partial<Pick<RefusedOrder, 'retryElsewhere' | 'endsAt'>> = {},
): RefusedOrder => ({ ...facts, state: 'refused', reason, retryElsewhere: false, ...more });

function succeededOrder(
  facts: OrderFacts,
  { behaviour, fee, endsAt, now }: End & { readonly endsAt: Date | undefined },
): SucceededOrder {
  const { kind, amount } = facts;
  const completedAt = toTheSecond(endsAt ?? now);
  const returnsAfterDays = kind === 'payout' ? behaviour.returnsAfterDays : undefined;
  return {
    ...facts,
    state: 'succeeded',
    tradeNo: tradeNumber(kind === 'refund' ? '5030' : '4200', 'order', facts, completedAt),
    completedAt,
    fee: kind === 'refund' ? -givenBackOf(amount, fee) : feeOf(amount, fee),
    feeBasisPoints: fee.basisPoints,
    toldProcessing: behaviour.processingQueries > 0 || endsAt !== undefined,
    processingQueries: behaviour.processingQueries,
    ...(endsAt && { endsAt }),
    ...(kind === 'collection' && { refundable: amount }),
    ...(returnsAfterDays && { returnsAt: new Date(completedAt.getTime() + returnsAfterDays * dayMs) }),
  };
}

/** What the statements will list of an order. */
export function linesOf(order: Order, original?: StatementLine['original']): readonly StatementLine[] {
  if (order.state !== 'succeeded') return [];
  return [lineOfOrder(order, original), ...(order.returnsAt ? [lineOfReturn(order, order.returnsAt)] : [])];
}

/**
 * Books what a new order came to. Where it ends later, its merchant is called back then.
 *
 * @returns the write that was in the way, undefined when all is booked
 */
export async function book(sandbox: Sandbox, order: Order, writes: readonly Write[]): Promise<Write | undefined> {
  const commit = await sandbox.commit(writes);
  if (!commit.committed) return commit.broken[0]?.write ?? writes[0];
  if (order.state === 'succeeded' || order.state === 'refused') await callBackAtItsEnd(sandbox, order);
  return undefined;
}

async function callBackAtItsEnd(sandbox: Sandbox, order: SucceededOrder | RefusedOrder): Promise<void> {
  const callback = order.endsAt && callbackOfOrder(order);
  if (!callback || !order.endsAt) return;
  const delayMs = order.endsAt.getTime() - sandbox.clock().getTime();
  await sandbox.callBackLater(callback, Math.max(0, Math.ceil(delayMs / 1000)));
}
