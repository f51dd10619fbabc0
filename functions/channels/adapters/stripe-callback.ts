/**
 * Stripe's webhooks. An endpoint at Stripe has its own secret; whose it is stands in the metadata of what the event is
 * about, and is believed once the signature fits that merchant's secret.
 */
import * as z from 'zod';
import { currencySchema, money } from '../../kernel/money.ts';
import type {
  CallbackEvent,
  CallbackMessage,
  CallbackResult,
  ChannelResult,
  MerchantReference,
  QueryResult,
} from '../channel-adapter.ts';
import { readCredentials, type StripeDependencies } from './stripe-account.ts';
import {
  paymentIntentSchema,
  refundSchema,
  refusedBy,
  type StripeMetadata,
  sessionSchema,
  stateOfPaymentIntent,
  stateOfRefund,
  stateOfTransfer,
  transferSchema,
} from './stripe-objects.ts';

/** An event may be this much older or newer than our clock: Stripe signs each sending anew. */
const allowedSkewSeconds = 300;

const answer = { contentType: 'application/json', body: '{"received":true}' } as const;

export async function parseStripeCallback(
  dependencies: StripeDependencies,
  { channel, headers, body, receivedAt }: CallbackMessage,
): Promise<CallbackResult> {
  const signature = headers['stripe-signature'];
  const sentAt = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature ?? '')?.[1];
  if (!signature || sentAt === undefined) return rejected('unsigned');
  const merchantNo = merchantNamedIn(body);
  if (merchantNo === undefined) return rejected('wrong_signature');
  const event = await checkedEvent(dependencies, { channel, merchantNo }, { body, signature });
  if (event === undefined) return rejected('wrong_signature');
  if (Math.abs(receivedAt.getTime() / 1000 - Number(sentAt)) > allowedSkewSeconds) return rejected('stale');
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return rejected('unreadable');
  const events = eventsOf(parsed.data);
  if (!events) return rejected('unreadable');
  return { outcome: 'verified', messageId: parsed.data.id, events, answer };
}

/** @returns undefined where nobody with the merchant's secret signed it, be it one that was put a moment ago */
async function checkedEvent(
  dependencies: StripeDependencies,
  merchant: MerchantReference,
  { body, signature }: { readonly body: string; readonly signature: string },
): Promise<object | undefined> {
  const { default: Stripe } = await import('stripe');
  for (const freshness of ['kept', 'renewed'] as const) {
    const credentials = await readCredentials(dependencies, merchant, freshness);
    if (!credentials) return undefined;
    try {
      return Stripe.webhooks.constructEvent(body, signature, credentials.webhookSecret, noTolerance);
    } catch {
      // the SDK throws for every signature that does not fit, and for nothing else: that the body is JSON has been seen
    }
  }
  return undefined;
}

/** Lets the SDK check the signature only: its age is looked at afterwards, so that stale and wrong can be told apart. */
const noTolerance = 0;

const rejected = (reason: Extract<CallbackResult, { outcome: 'rejected' }>['reason']): CallbackResult => ({
  outcome: 'rejected',
  reason,
});

const ownerSchema = z.object({
  data: z.object({ object: z.object({ metadata: z.object({ merchant: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) }) }) }),
});

/** Not yet believed. Nothing of Stripe's that we didn't make names a merchant. */
function merchantNamedIn(body: string): string | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(body)).data?.data.object.metadata.merchant;
  } catch {
    return undefined; // no JSON, so not Stripe's
  }
}

const eventSchema = z.object({
  id: z.string().min(1).max(255),
  type: z.string(),
  created: z.int(),
  data: z.object({ object: z.unknown(), previous_attributes: z.unknown().optional() }),
});

const reversedSchema = transferSchema.extend({ amount_reversed: z.int() });
const reversedBeforeSchema = z.object({ amount_reversed: z.int() });

/** @returns undefined for words that we should know and don't; an empty list for what is nothing to us */
function eventsOf({ type, created, data }: z.infer<typeof eventSchema>): readonly CallbackEvent[] | undefined {
  const heardAt = new Date(created * 1000);
  switch (type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled': {
      const intent = paymentIntentSchema.safeParse(data.object).data;
      return intent && resultEvents(intent.metadata, stateOfPaymentIntent(intent, heardAt));
    }
    case 'checkout.session.expired': {
      const session = sessionSchema.safeParse(data.object).data;
      return session && resultEvents(session.metadata, refusedBy('order_closed', session.id));
    }
    case 'checkout.session.async_payment_failed': {
      const session = sessionSchema.safeParse(data.object).data;
      return session && resultEvents(session.metadata, refusedBy('payment_failed', session.id));
    }
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed': {
      const refund = refundSchema.safeParse(data.object).data;
      return refund && resultEvents(refund.metadata, stateOfRefund(refund));
    }
    case 'transfer.created': {
      const transfer = transferSchema.safeParse(data.object).data;
      return transfer && resultEvents(transfer.metadata, stateOfTransfer(transfer));
    }
    case 'transfer.reversed': {
      const transfer = reversedSchema.safeParse(data.object).data;
      return transfer && returnEvents(transfer, { before: data.previous_attributes, heardAt });
    }
    default:
      return [];
  }
}

function resultEvents(metadata: StripeMetadata, state: QueryResult | ChannelResult): readonly CallbackEvent[] {
  if (state.outcome !== 'succeeded' && state.outcome !== 'refused') return [];
  return [{ merchantNo: metadata.merchant, channelOrderNo: metadata.order, kind: metadata.kind, result: state }];
}

/** A transfer may be reversed bit by bit: the event tells of the sum and of what it was before. */
function returnEvents(
  transfer: z.infer<typeof reversedSchema>,
  { before, heardAt }: { readonly before: unknown; readonly heardAt: Date },
): readonly CallbackEvent[] | undefined {
  const earlier = reversedBeforeSchema.safeParse(before).data?.amount_reversed ?? 0;
  const currency = currencySchema.safeParse(transfer.currency.toUpperCase()).data;
  if (currency === undefined || transfer.amount_reversed <= earlier) return undefined;
  return [
    {
      kind: 'payout_return',
      merchantNo: transfer.metadata.merchant,
      channelOrderNo: transfer.metadata.order,
      channelTradeNo: transfer.id,
      amount: money(BigInt(transfer.amount_reversed - earlier), currency),
      returnedAt: heardAt,
    },
  ];
}
