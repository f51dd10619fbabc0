/** What the routes of payments take in and give out. */
import * as z from 'zod';
import { productSchema } from '../channels/index.ts';
import { parseAccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { moneySchema, positiveMoneySchema } from '../kernel/money.ts';
import { pageQuery } from '../kernel/page.ts';
import { referenceSchema } from '../kernel/reference.ts';
import { failureCodes, paymentKinds } from './payment.ts';
import { paymentStatuses } from './payment-states.ts';

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
    kind: z.enum(paymentKinds),
    product: productSchema,
    status: z.enum(paymentStatuses),
    accountId: z.string(),
    bindingId: z.string().nullable(),
    bank: z.string().nullable().meta({ description: 'code of the bank on the other side, where it is known' }),
    originalId: z
      .string()
      .nullable()
      .meta({ description: 'of a refund or return: the transaction that it takes back' }),
    batchNo: z.string().nullable(),
    amount: moneySchema,
    refunded: moneySchema.meta({ description: 'what refunds have paid back so far' }),
    charged: moneySchema.meta({ description: 'what the center charges for it, over and above the amount' }),
    fee: moneySchema.meta({ description: "the channel's charge that the books expect; zero when the payment failed" }),
    reference: z.string(),
    channel: z.string(),
    merchantNo: z.string(),
    channelOrderNo: z.string().meta({ description: 'our number at the channel' }),
    channelTradeNo: z.string().nullable().meta({ description: "the channel's own number" }),
    accountingDate: z.iso.date(),
    balancesAfter: z
      .object({ available: moneySchema, frozen: moneySchema })
      .nullable()
      .meta({ description: 'what the account held after the last booking of the transaction; null before' }),
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    nextAction: nextActionSchema
      .nullable()
      .meta({ description: 'what the payer has to do: confirm with a code, or go to the channel' }),
    redirectUrl: z.string().nullable().meta({ description: 'where the payer is sent, by a link' }),
    expiresAt: z.iso.datetime().nullable().meta({ description: 'until when the payer is waited for' }),
    failure: z
      .object({ code: z.enum(failureCodes), reason: z.string() })
      .nullable()
      .meta({ description: 'why it failed: the channel refused it, never had it, or no payer came' }),
  })
  .meta({ id: 'Transaction' });

const dateSchema = z
  .string()
  .transform((text, context) => {
    const day = parseAccountingDate(text);
    if (day !== undefined) return day;
    context.addIssue('must be a calendar day, YYYY-MM-DD');
    return z.NEVER;
  })
  .meta({ description: "a day in the center's time zone", example: '2026-03-01' });

/** A place in a list of transactions is an instant and an id; anything else is no cursor of such a list. */
const placeSchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#pay_[0-9A-Z]{26}$/, 'is no cursor of this list')
  .optional();

const institutionIdSchema = idSchema('inst')
  .optional()
  .meta({ description: 'needed by operators; an institution sees its own' });

export const transactionListQuerySchema = z.strictObject({
  limit: pageQuery.limit,
  cursor: pageQuery.cursor.pipe(placeSchema),
  institutionId: institutionIdSchema,
  kind: z.enum(paymentKinds).optional(),
  status: z.enum(paymentStatuses).optional(),
  accountId: idSchema('acct').optional(),
  channel: z.string().min(1).max(64).optional(),
  from: dateSchema.optional(),
  to: dateSchema.optional(),
});

export const institutionQuerySchema = z.strictObject({ institutionId: institutionIdSchema });
