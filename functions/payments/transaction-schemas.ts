/** What the routes of payments take in and give out. */
import * as z from 'zod';
import { productSchema } from '../channels/index.ts';
import { parseAccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { moneySchema, positiveMoneySchema } from '../kernel/money.ts';
import { pageWithin } from '../kernel/page.ts';
import { referenceSchema } from '../kernel/reference.ts';
import { verificationEvents } from '../parties/index.ts';
import { changeSources, channelOperations } from './payment.ts';
import { paymentEvents } from './payment-states.ts';
import { transactionKinds, transactionStatuses } from './transactions/transaction.ts';

const paymentBody = {
  accountId: idSchema('acct'),
  amount: positiveMoneySchema,
  reference: referenceSchema,
};

const bankSchema = z
  .string()
  .regex(/^[A-Z0-9]{2,20}$/, 'is no code of a bank')
  .meta({ description: 'code of the bank to whose page the payer goes', example: 'ICBC' });

/** Where browsers are sent: nothing that runs in them, and no door into the sender's own network is opened by it. */
const returnUrlSchema = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
  .max(500)
  .meta({ description: "where the payer's browser goes afterwards", example: 'https://shop.example/paid' });

export const topUpBodySchema = z.discriminatedUnion('product', [
  z.strictObject({
    ...paymentBody,
    product: z.enum(['withholding', 'quick_payment']),
    bindingId: idSchema('bind'),
  }),
  z.strictObject({
    ...paymentBody,
    product: z.enum(['personal_ebanking', 'corporate_ebanking']),
    bank: bankSchema,
    returnUrl: returnUrlSchema,
    expiresInSeconds: z
      .int()
      .min(60)
      .max(86_400)
      .default(1_800)
      .meta({ description: 'how long the payer is waited for' }),
  }),
]);

export const confirmTopUpBodySchema = z.strictObject({
  code: z
    .string()
    .regex(/^\d{4,8}$/, 'must be 4 to 8 digits')
    .meta({ description: 'the code that the channel sent to the card holder', example: '123456' }),
});

export const withdrawalBodySchema = z.strictObject({ ...paymentBody, bindingId: idSchema('bind') });

export const refundBodySchema = z.strictObject({
  transactionId: idSchema('pay').meta({ description: 'the top-up' }),
  amount: positiveMoneySchema.optional().meta({ description: 'all that is left, unless given' }),
  reference: referenceSchema,
});

const nextActionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('code') }),
  z.object({
    type: z.literal('redirect'),
    method: z.enum(['GET', 'POST']),
    url: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
]);

export const transactionSchema = z
  .object({
    id: z.string().meta({ example: 'pay_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.enum(transactionKinds),
    product: productSchema
      .nullable()
      .meta({ description: 'null for an internal transaction, as is all about channels' }),
    status: z.enum(transactionStatuses),
    accountId: z.string().nullable(),
    counterAccountId: z.string().nullable().meta({ description: 'of a transfer: where the money went' }),
    bindingId: z.string().nullable(),
    bank: z.string().nullable().meta({ description: 'code of the bank on the other side, where it is known' }),
    originalId: z
      .string()
      .nullable()
      .meta({ description: 'of a refund or return: the transaction that it takes back' }),
    batchNo: z.string().nullable(),
    amount: moneySchema,
    refunded: moneySchema.meta({ description: 'what refunds have paid back so far' }),
    charged: moneySchema.meta({
      description:
        "what the center charges for it: a member's part is taken from what a top-up brings and comes on top of what a withdrawal pays out, an institution's part is owed by it",
    }),
    charges: z
      .array(z.object({ payer: z.enum(['member', 'institution']), amount: moneySchema }))
      .meta({ description: 'what makes up `charged`: each who pays, and how much' }),
    fee: moneySchema.meta({ description: "the channel's charge that the books expect; zero when the payment failed" }),
    reference: z.string().nullable(),
    channel: z.string().nullable(),
    merchantNo: z.string().nullable(),
    channelOrderNo: z.string().nullable().meta({ description: 'our number at the channel' }),
    channelTradeNo: z.string().nullable().meta({ description: "the channel's own number" }),
    accountingDate: z.iso.date().nullable(),
    balancesAfter: z
      .object({ available: moneySchema, frozen: moneySchema })
      .nullable()
      .meta({ description: 'what the account held after the last booking of the transaction; null before' }),
    createdAt: z.iso.datetime(),
    completedAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: "when it ended, by the channel's own clock where it said so: to the second, as a rule" }),
    nextAction: nextActionSchema
      .nullable()
      .meta({ description: 'what the payer has to do: confirm with a code, or go to the channel' }),
    redirectUrl: z.string().nullable().meta({ description: 'where the payer is sent, by a link' }),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'until when the payer is waited for' }),
    failure: z
      .object({ code: z.string(), reason: z.string() })
      .nullable()
      .meta({ description: 'why it failed: the channel refused it, never had it, or no payer came' }),
  })
  .meta({ id: 'Transaction' });

const timelineItemSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('state'),
    at: z.iso.datetime(),
    event: z.enum(['make', ...paymentEvents, ...verificationEvents]),
    status: z.enum(transactionStatuses),
    source: z.enum(changeSources).optional().meta({ description: 'who learnt of it; not kept of a verification' }),
    detail: z.string().optional(),
  }),
  z.object({
    type: z.literal('call'),
    at: z.iso.datetime(),
    channel: z.string(),
    channelOrderNo: z.string(),
    operation: z.enum([...channelOperations, 'verify']),
    outcome: z.string(),
    code: z.string().optional().meta({ description: "the channel's reason, or the cause of its silence" }),
    durationMs: z.int(),
  }),
  z.object({
    type: z.literal('posting'),
    at: z.iso.datetime(),
    postingId: z.string(),
    postingType: z.string(),
    accountingDate: z.iso.date().nullable().meta({ description: 'null of a freeze once its payment has ended' }),
  }),
]);

export const shownTransactionSchema = transactionSchema
  .extend({
    timeline: z.array(timelineItemSchema).meta({
      description:
        'each state, call of a channel and posting, oldest first; empty for a freeze, whose postings its account lists',
    }),
  })
  .meta({ id: 'ShownTransaction' });

const dateSchema = z
  .string()
  .transform((text, context) => {
    const day = parseAccountingDate(text);
    if (day !== undefined) return day;
    context.addIssue('must be a calendar day, YYYY-MM-DD');
    return z.NEVER;
  })
  .meta({ description: "a day in the center's time zone", example: '2026-03-01' });

/** A place in a list of transactions is an instant and an id. */
const page = pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#(pay|ver|post|hold)_[0-9A-Z]{26}$/);

const institutionIdSchema = idSchema('inst')
  .optional()
  .meta({ description: 'needed by operators; an institution sees its own' });

const filterFields = {
  institutionId: institutionIdSchema,
  kind: z.enum(transactionKinds).optional(),
  status: z.enum(transactionStatuses).optional(),
  accountId: idSchema('acct').optional(),
  channel: z.string().min(1).max(64).optional(),
  from: dateSchema.optional(),
  to: dateSchema.optional(),
};

const days = { path: ['to'], message: 'must not be before from' };
const inOrder = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || from <= to;

export const transactionListQuerySchema = z
  .strictObject({
    limit: page.limit.unwrap().optional(),
    cursor: page.cursor,
    ...filterFields,
  })
  .refine(inOrder, days);

export const transactionTotalsQuerySchema = z.strictObject(filterFields).refine(inOrder, days);

export const transactionTotalsSchema = z
  .object({
    totals: z.array(
      z.object({
        kind: z.enum(transactionKinds),
        status: z.enum(transactionStatuses),
        count: z.int(),
        amount: moneySchema,
        fee: moneySchema.meta({ description: 'what channels charge, as the books expect it' }),
        charged: moneySchema.meta({ description: 'what the center charges' }),
      }),
    ),
  })
  .meta({ id: 'TransactionTotals' });

/** The prefix tells what it is: a payment, a verification, a transfer or a freeze. */
export const transactionIdSchema = z.union([idSchema('pay'), idSchema('ver'), idSchema('post'), idSchema('hold')]);

export const institutionQuerySchema = z.strictObject({ institutionId: institutionIdSchema });
