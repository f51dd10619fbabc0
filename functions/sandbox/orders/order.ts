/** An order in the sandbox's books, and what it answers for it. */
import { createHash } from 'node:crypto';
import { type AccountingDate, accountingDateAt } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import { type ServedMerchant, statementTimeZone } from '../channels-served.ts';

export interface OrderReference extends ServedMerchant {
  /** the merchant's own number */
  readonly orderNo: string;
}

export interface OrderFacts extends OrderReference {
  readonly kind: 'collection' | 'payout' | 'refund';
  readonly amount: bigint;
  readonly currency: Currency;
  /** absent for an order that did not come through the merchants' door */
  readonly agreementNo?: string | undefined;
}

export interface SucceededOrder extends OrderFacts {
  readonly state: 'succeeded';
  readonly tradeNo: string;
  readonly completedAt: Date;
  readonly fee: bigint;
  readonly feeBasisPoints: bigint;
  /** whether the merchant was told `processing` when the order came */
  readonly toldProcessing: boolean;
  /** how many more queries are told so */
  readonly processingQueries: number;
  /** a payout: when the bank returns it, or has returned it */
  readonly returnsAt?: Date | undefined;
}

export interface RefusedOrder extends OrderFacts {
  readonly state: 'refused';
  readonly reason: string;
  readonly retryElsewhere: boolean;
}

/** A number that was closed before or instead of its order: nothing is carried out under it any more. */
export interface ClosedOrder extends OrderReference {
  readonly state: 'closed';
}

export type Order = SucceededOrder | RefusedOrder | ClosedOrder;

export type OrderAnswer =
  | { readonly outcome: 'succeeded'; readonly tradeNo: string; readonly completedAt: string }
  | { readonly outcome: 'refused'; readonly reason: string; readonly retryElsewhere: boolean }
  | { readonly outcome: 'processing' };

export const processing: OrderAnswer = { outcome: 'processing' };

/** What became of an order, to whoever may know it. */
export function finalAnswer(order: Order): OrderAnswer {
  switch (order.state) {
    case 'succeeded':
      return { outcome: 'succeeded', tradeNo: order.tradeNo, completedAt: order.completedAt.toISOString() };
    case 'refused':
      return { outcome: 'refused', reason: order.reason, retryElsewhere: order.retryElsewhere };
    case 'closed':
      return { outcome: 'refused', reason: 'order_closed', retryElsewhere: false };
  }
}

/** The answer to the order itself, the first time and every time. */
export const answerToOrder = (order: Order): OrderAnswer =>
  order.state === 'succeeded' && order.toldProcessing ? processing : finalAnswer(order);

/** Statement times have no fraction of a second, so the books have none. */
export const toTheSecond = (instant: Date): Date => new Date(Math.floor(instant.getTime() / 1000) * 1000);

export const statementDay = (instant: Date): AccountingDate => accountingDateAt(instant, statementTimeZone);

/** Our number for a trade: 28 digits with the day inside. The same order gives the same number. */
export function tradeNumber(prefix: '4200' | '5030', what: string, order: OrderReference, at: Date): string {
  const facts = [what, order.channel, order.merchantNo, order.orderNo].join('|');
  const hash = createHash('sha256').update(facts).digest().readBigUInt64BE();
  const digits = (hash % 10n ** 16n).toString().padStart(16, '0');
  return `${prefix}${digits.slice(0, 6)}${statementDay(at).replaceAll('-', '')}${digits.slice(6)}`;
}
