/** Stripe's objects as far as we read them, and what each state of theirs says of an order. */
import * as z from 'zod';
import { currencySchema, type Money, money } from '../../kernel/money.ts';
import type {
  ChannelOrderReference,
  ChannelRefusal,
  ChannelResult,
  OrderKind,
  QueryResult,
} from '../channel-adapter.ts';
import { unknown } from './stripe-account.ts';

const idSchema = z.string().min(1).max(255);
const timeSchema = z.int().transform((seconds) => new Date(seconds * 1000));
const reasonSchema = z
  .string()
  .regex(/^[a-z0-9_]{1,64}$/)
  .nullish()
  .catch(undefined);

/** What we write on each object, and find it again by. */
const metadataSchema = z.object({
  order: z.string(),
  merchant: z.string(),
  kind: z.enum(['collection', 'payout', 'refund']),
  /** on Stripe's own page the payer may try again until the page is closed */
  page: z.literal('yes').optional(),
  /** the object stands for no order but keeps its number from being used: {@link closedMark} */
  closed: z.literal('yes').optional(),
});

export type StripeMetadata = z.infer<typeof metadataSchema>;

export const metadataOf = (
  { channelOrderNo, merchantNo }: Pick<ChannelOrderReference, 'channelOrderNo' | 'merchantNo'>,
  kind: OrderKind,
): Pick<StripeMetadata, 'order' | 'merchant' | 'kind'> => ({ order: channelOrderNo, merchant: merchantNo, kind });

export const closedMark = { closed: 'yes' } as const;
export const pageMark = { page: 'yes' } as const;

const errorSchema = z.object({ code: reasonSchema, decline_code: reasonSchema }).nullish();

export const paymentIntentSchema = z.object({
  object: z.literal('payment_intent'),
  id: idSchema,
  status: z.string(),
  amount: z.int(),
  currency: z.string(),
  created: timeSchema,
  metadata: metadataSchema,
  last_payment_error: errorSchema,
  /** whole where it was asked for, else an id */
  latest_charge: z.union([z.object({ created: timeSchema }), z.string()]).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.url({ protocol: /^https$/ }) }).nullish() }).nullish(),
});

export type PaymentIntent = z.infer<typeof paymentIntentSchema>;

export const sessionSchema = z.object({
  object: z.literal('checkout.session'),
  id: idSchema,
  status: z.enum(['open', 'complete', 'expired']),
  created: timeSchema,
  url: z.url({ protocol: /^https$/ }).nullish(),
  metadata: metadataSchema,
  payment_intent: z.union([paymentIntentSchema, z.string()]).nullish(),
});

export type CheckoutSession = z.infer<typeof sessionSchema>;

export const refundSchema = z.object({
  object: z.literal('refund'),
  id: idSchema,
  status: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
  created: timeSchema,
  metadata: metadataSchema,
  failure_reason: reasonSchema,
});

export type StripeRefund = z.infer<typeof refundSchema>;

export const transferSchema = z.object({
  object: z.literal('transfer'),
  id: idSchema,
  amount: z.int(),
  currency: z.string(),
  created: timeSchema,
  metadata: metadataSchema,
});

export type Transfer = z.infer<typeof transferSchema>;

export const refusedBy = (reason: string, channelTradeNo?: string): ChannelRefusal => ({
  outcome: 'refused',
  reason,
  retryElsewhere: false,
  ...(channelTradeNo !== undefined && { channelTradeNo }),
});

/** @param heardAt when it happened, where the object does not tell: an event's time */
export function stateOfPaymentIntent(intent: PaymentIntent, heardAt?: Date): QueryResult {
  if (intent.metadata.closed) return refusedBy('order_closed');
  switch (intent.status) {
    case 'succeeded': {
      const charge = intent.latest_charge;
      const completedAt = typeof charge === 'object' && charge !== null ? charge.created : (heardAt ?? intent.created);
      return { outcome: 'succeeded', channelTradeNo: intent.id, completedAt, ...amountOf(intent) };
    }
    case 'canceled':
      return refusedBy('order_closed', intent.id);
    case 'requires_action':
      return { outcome: 'awaiting_payer' };
    case 'requires_payment_method': {
      // a page lets the payer try once more; an agreement's one try is over
      if (intent.metadata.page) return { outcome: 'awaiting_payer' };
      const { decline_code, code } = intent.last_payment_error ?? {};
      return refusedBy(decline_code ?? code ?? 'card_declined', intent.id);
    }
    default:
      return unknown('Stripe still processes the payment');
  }
}

export function stateOfSession(session: CheckoutSession): QueryResult {
  if (session.status === 'open') return { outcome: 'awaiting_payer' };
  if (session.status === 'expired') return refusedBy('order_closed', session.id);
  if (typeof session.payment_intent !== 'object' || session.payment_intent === null) {
    return unknown('a page that is paid for with nothing');
  }
  const state = stateOfPaymentIntent(session.payment_intent);
  // the page is done with: the payer can't try again, so what he tried has failed for good
  return state.outcome === 'awaiting_payer' ? refusedBy('payment_failed', session.payment_intent.id) : state;
}

export function stateOfRefund(refund: StripeRefund): ChannelResult {
  if (refund.status === 'succeeded') {
    return { outcome: 'succeeded', channelTradeNo: refund.id, completedAt: refund.created, ...amountOf(refund) };
  }
  if (refund.status === 'failed' || refund.status === 'canceled') {
    return refusedBy(refund.failure_reason ?? 'refund_failed', refund.id);
  }
  return unknown('Stripe still processes the refund');
}

/** A transfer is done when it is made. */
export const stateOfTransfer = (transfer: Transfer): ChannelResult => ({
  outcome: 'succeeded',
  channelTradeNo: transfer.id,
  completedAt: transfer.created,
  ...amountOf(transfer),
});

/** Minor units are the same with Stripe for all our currencies; of another one nothing is told. */
function amountOf({ amount, currency }: Pick<Transfer, 'amount' | 'currency'>): { readonly amount?: Money } {
  const known = currencySchema.safeParse(currency.toUpperCase());
  return known.success ? { amount: money(BigInt(amount), known.data) } : {};
}
