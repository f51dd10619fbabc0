import type { Money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { feeFor, feeOf, givenBackOf, type ServedMerchant } from '../channels-served.ts';
import { type SucceededOrder, toTheSecond, tradeNumber } from '../orders/order.ts';
import { bookOrderWrites, findOrder } from '../orders/order-store.ts';
import type { Sandbox } from '../sandbox.ts';
import { lineOfOrder, type StatementLine } from '../statements/statement-line.ts';

export interface SeededOrder {
  readonly kind: 'collection' | 'payout' | 'refund';
  readonly orderNo: string;
  readonly amount: Money;
  /** now, unless given */
  readonly completedAt?: Date | undefined;
  /** a refund: the number of the payment that it gives back */
  readonly refundOf?: string | undefined;
}

export type SeedRefusal = 'order_number_reused' | 'payment_unknown' | 'product_not_offered';

/** Books an order that came on another way than from the center; it succeeded and is in its day's statement. */
export async function seedOrder(
  sandbox: Sandbox,
  { channel, merchantNo }: ServedMerchant,
  seeded: SeededOrder,
): Promise<StatementLine | Refusal<SeedRefusal>> {
  const reference = { channel, merchantNo, orderNo: seeded.orderNo };
  const terms = feeFor(channel, seeded.kind === 'payout' ? 'payout' : 'withholding');
  if (terms === undefined) return refuse('product_not_offered', `${channel} has no ${seeded.kind}.`);

  let original: StatementLine['original'];
  if (seeded.kind === 'refund') {
    const payment = await findOrder(sandbox, { channel, merchantNo, orderNo: seeded.refundOf ?? '' });
    if (payment?.state !== 'succeeded' || payment.kind !== 'collection') {
      return refuse('payment_unknown', 'A refund gives back a collection that succeeded.');
    }
    original = { orderNo: payment.orderNo, tradeNo: payment.tradeNo };
  }

  const completedAt = toTheSecond(seeded.completedAt ?? sandbox.clock());
  const { amount } = seeded.amount;
  const order: SucceededOrder = {
    ...reference,
    kind: seeded.kind,
    amount,
    currency: seeded.amount.currency,
    state: 'succeeded',
    tradeNo: tradeNumber(seeded.kind === 'refund' ? '5030' : '4200', 'order', reference, completedAt),
    completedAt,
    fee: seeded.kind === 'refund' ? -givenBackOf(amount, terms) : feeOf(amount, terms),
    feeBasisPoints: terms.basisPoints,
    toldProcessing: false,
    processingQueries: 0,
    ...(seeded.kind === 'collection' && { refundable: amount }),
    ...(original && { refundOf: original.orderNo }),
  };
  const line = lineOfOrder(order, original);
  const commit = await sandbox.commit(bookOrderWrites(sandbox, order, [line]));
  return commit.committed ? line : refuse('order_number_reused', 'This order number is in the books already.');
}
