/** An order in the sandbox's books, and what it answers for it. */
import { createHash } from 'node:crypto';
import { type AccountingDate, accountingDateAt } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import { type OrderProduct, type ServedMerchant, statementTimeZone } from '../channels-served.ts';
import type { OrderBehaviourName } from '../test-cards.ts';

export interface OrderReference extends ServedMerchant {
  /** the merchant's own number */
  readonly orderNo: string;
}

export interface OrderFacts extends OrderReference {
  readonly kind: 'collection' | 'payout' | 'refund';
  readonly amount: bigint;
  readonly currency: Currency;
  /** of a payment; it is absent, as all below, for an order that did not come through the merchants' door */
  readonly product?: OrderProduct | undefined;
  readonly agreementNo?: string | undefined;
  /** where the merchant wants to hear of its end */
  readonly callbackUrl?: string | undefined;
  /** of a refund: the payment that it gives back */
  readonly refundOf?: string | undefined;
}

/** Waits for the card holder's code, or for the payer at the cashier. */
export interface AwaitingOrder extends OrderFacts {
  readonly state: 'awaiting';
  readonly awaits: 'code' | 'payer';
  /** how it goes when the payer has done what is awaited */
  readonly behaviour: OrderBehaviourName;
  readonly codeTriesLeft: number;
  /** at the cashier: after which no money is taken, and where the payer's browser goes afterwards */
  readonly expiresAt?: Date | undefined;
  readonly returnUrl?: string | undefined;
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
  /** until when it is still processed, whoever asks */
  readonly endsAt?: Date | undefined;
  /** of a collection: what may still be given back */
  readonly refundable?: bigint | undefined;
  /** of a collection at the cashier: where the payer's browser went afterwards */
  readonly returnUrl?: string | undefined;
  /** a payout: when the bank returns it, or has returned it */
  readonly returnsAt?: Date | undefined;
  /** what queries are told instead of the truth */
  readonly denial?: Denial | undefined;
}

/** `time_out`: no answer in time. */
export const denials = ['refused', 'not_found', 'time_out'] as const;

export type Denial = (typeof denials)[number];

export interface RefusedOrder extends OrderFacts {
  readonly state: 'refused';
  readonly reason: string;
  readonly retryElsewhere: boolean;
  readonly endsAt?: Date | undefined;
  readonly returnUrl?: string | undefined;
}

/** A number that was closed before or instead of its order: nothing is carried out under it any more. */
export interface ClosedOrder extends OrderReference {
  readonly state: 'closed';
}

export type EndedOrder = SucceededOrder | RefusedOrder | ClosedOrder;
export type Order = EndedOrder | AwaitingOrder;

export type EndAnswer =
  | { readonly outcome: 'succeeded'; readonly tradeNo: string; readonly completedAt: string }
  | { readonly outcome: 'refused'; readonly reason: string; readonly retryElsewhere: boolean };

export type OrderAnswer =
  | EndAnswer
  | { readonly outcome: 'processing' }
  | { readonly outcome: 'awaiting_payer'; readonly awaits: 'code' | 'payer' };

export const processing: OrderAnswer = { outcome: 'processing' };

export const refused = (reason: string, retryElsewhere = false): EndAnswer => ({
  outcome: 'refused',
  reason,
  retryElsewhere,
});

/** What became of an order, to whoever may know it; nothing yet of one that waits for its payer. */
export function currentAnswer(order: Order, now: Date): OrderAnswer {
  if (order.state !== 'awaiting') return finalAnswer(order);
  return hasExpired(order, now) ? refused('order_expired') : { outcome: 'awaiting_payer', awaits: order.awaits };
}

export const hasExpired = ({ expiresAt }: AwaitingOrder, now: Date): boolean =>
  expiresAt !== undefined && expiresAt <= now;

export function finalAnswer(order: EndedOrder): EndAnswer {
  switch (order.state) {
    case 'succeeded':
      return { outcome: 'succeeded', tradeNo: order.tradeNo, completedAt: order.completedAt.toISOString() };
    case 'refused':
      return refused(order.reason, order.retryElsewhere);
    case 'closed':
      return refused('order_closed');
  }
}

/** The answer to the order itself, the first time and every time. */
export function answerToOrder(order: Order, now: Date): OrderAnswer {
  const toldProcessing = order.state === 'succeeded' ? order.toldProcessing : isBeforeItsEnd(order, now);
  return toldProcessing ? processing : currentAnswer(order, now);
}

/** Whether a query is told that the order is still processed. */
export const isStillProcessing = (order: Order, now: Date): boolean =>
  isBeforeItsEnd(order, now) || (order.state === 'succeeded' && order.processingQueries > 0);

export const isBeforeItsEnd = (order: Order, now: Date): boolean =>
  'endsAt' in order && order.endsAt !== undefined && order.endsAt > now;

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
