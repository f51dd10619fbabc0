/** What the routes of payments take in and give out. */
import * as z from 'zod';
import { productSchema } from '../channels/index.ts';
import { parseAccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { moneySchema, positiveMoneySchema } from '../kernel/money.ts';
import { pageQuery } from '../kernel/page.ts';
import { referenceSchema } from '../kernel/reference.ts';

const kinds = ['top_up', 'withdrawal'] as const;
const statuses = ['created', 'processing', 'succeeded', 'failed', 'returned', 'refunded'] as const;

const paymentBody = {
  accountId: idSchema('acct'),
  amount: positiveMoneySchema,
  bindingId: idSchema('bind'),
  reference: referenceSchema,
};

/** Which of the products take a top-up so far is a business question, answered by 422. */
export const topUpBodySchema = z.strictObject({ ...paymentBody, product: productSchema });
export const withdrawalBodySchema = z.strictObject(paymentBody);

export const transactionSchema = z
  .object({
    id: z.string().meta({ example: 'pay_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.enum(kinds),
    product: productSchema,
    status: z.enum(statuses),
    accountId: z.string(),
    bindingId: z.string(),
    amount: moneySchema,
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
    failure: z
      .object({ code: z.enum(['refused', 'not_executed']), reason: z.string() })
      .nullable()
      .meta({ description: 'why it failed: the channel refused it, or never had it' }),
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
  kind: z.enum(kinds).optional(),
  status: z.enum(statuses).optional(),
  accountId: idSchema('acct').optional(),
  channel: z.string().min(1).max(64).optional(),
  from: dateSchema.optional(),
  to: dateSchema.optional(),
});

export const institutionQuerySchema = z.strictObject({ institutionId: institutionIdSchema });
