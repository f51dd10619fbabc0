/** One line of a statement (对账文件), in whatever format it is written. */
import type { Currency } from '../../kernel/money.ts';
import { type OrderFacts, type SucceededOrder, tradeNumber } from '../orders/order.ts';

export const lineKinds = ['collection', 'refund', 'payout', 'returned_payout'] as const;

export type LineKind = (typeof lineKinds)[number];

export interface StatementLine {
  readonly kind: LineKind;
  readonly merchantNo: string;
  readonly orderNo: string;
  readonly tradeNo: string;
  /** always positive; the kind gives the direction */
  readonly amount: bigint;
  readonly currency: Currency;
  /** positive is charged to the merchant, negative is given back */
  readonly fee: bigint;
  readonly feeBasisPoints: bigint;
  readonly status: 'succeeded' | 'failed';
  readonly completedAt: Date;
  /** of a refund: the payment that it gives back */
  readonly original?: { readonly orderNo: string; readonly tradeNo: string } | undefined;
}

export function lineOfOrder(order: SucceededOrder, original?: StatementLine['original']): StatementLine {
  const { kind, merchantNo, orderNo, tradeNo, amount, currency, fee, feeBasisPoints, completedAt } = order;
  const facts = { kind, merchantNo, orderNo, tradeNo, amount, currency, fee, feeBasisPoints, completedAt };
  return { ...facts, status: 'succeeded', ...(original && { original }) };
}

/** 退票: the bank sends a payout back. The fee of the payout stays charged. */
export function lineOfReturn(
  payout: OrderFacts & Pick<StatementLine, 'feeBasisPoints'>,
  returnedAt: Date,
): StatementLine {
  return {
    kind: 'returned_payout',
    merchantNo: payout.merchantNo,
    orderNo: payout.orderNo,
    tradeNo: tradeNumber('4200', 'return', payout, returnedAt),
    amount: payout.amount,
    currency: payout.currency,
    fee: 0n,
    feeBasisPoints: payout.feeBasisPoints,
    status: 'succeeded',
    completedAt: returnedAt,
  };
}

export interface KindTotals {
  readonly count: number;
  readonly amount: bigint;
  readonly fee: bigint;
}

export type StatementTotals = Readonly<Record<LineKind, KindTotals>>;

/** Sums over the lines as they are printed, whatever their status. */
export function totalsOf(lines: readonly StatementLine[]): StatementTotals {
  const totalOf = (kind: LineKind): KindTotals => {
    const ofKind = lines.filter((line) => line.kind === kind);
    return {
      count: ofKind.length,
      amount: ofKind.reduce((sum, line) => sum + line.amount, 0n),
      fee: ofKind.reduce((sum, line) => sum + line.fee, 0n),
    };
  };
  return {
    collection: totalOf('collection'),
    refund: totalOf('refund'),
    payout: totalOf('payout'),
    returned_payout: totalOf('returned_payout'),
  };
}
