/** What control calls ask for. */
import * as z from 'zod';
import { parseAccountingDate } from '../../kernel/clock.ts';
import { merchantSchema, servedChannelSchema } from '../channels-served.ts';
import { misbehaviours } from '../control/misbehave.ts';
import { denials } from '../orders/order.ts';
import { outageModes } from '../orders/outage-store.ts';
import { fileMistakes, lineMistakes } from '../statements/mistakes.ts';
import { formatNames } from '../statements/statement-file.ts';
import { orderBehaviourNames } from '../test-cards.ts';
import { httpUrlSchema, instantSchema, merchantOrderSchema, moneyFields, orderNoSchema } from './schemas.ts';

const dateSchema = z.string().transform((text, context) => {
  const date = parseAccountingDate(text);
  if (date) return date;
  context.addIssue('is no day such as 2026-11-22');
  return z.NEVER;
});

const isLineMistake = (mistake: string) => lineMistakes.find((known) => known === mistake);
const isFileMistake = (mistake: string) => fileMistakes.find((known) => known === mistake);

export const statementSchema = merchantSchema
  .extend({
    date: dateSchema,
    format: z.enum(formatNames),
    mistakes: z.array(z.enum([...lineMistakes, ...fileMistakes])).default([]),
    byteOrderMark: z.boolean().default(false),
    gzip: z.boolean().default(false),
    fileName: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,100}$/)
      .optional(),
  })
  .refine(({ format, mistakes }) => format === 'sandbox-csv' || !mistakes.includes('returned'), {
    path: ['mistakes'],
    message: 'payouts and their returns are in no trade bill',
  })
  .transform(({ mistakes, ...command }) => ({
    ...command,
    lineMistakes: mistakes.flatMap((mistake) => isLineMistake(mistake) ?? []),
    fileMistakes: mistakes.flatMap((mistake) => isFileMistake(mistake) ?? []),
  }));

export const seedSchema = merchantOrderSchema.extend({
  ...moneyFields,
  kind: z.enum(['collection', 'payout', 'refund']),
  completedAt: instantSchema.optional(),
  refundOf: orderNoSchema.optional(),
});

export const returnSchema = merchantOrderSchema.extend({
  at: instantSchema.optional(),
  callback: z.boolean().default(false),
});

export const behavioursSchema = merchantSchema.extend({ behaviours: z.array(z.enum(orderBehaviourNames)).max(100) });

export const daySchema = merchantSchema.extend({ date: dateSchema });

export const keysSchema = merchantSchema.extend({
  publicKey: z.string().max(2_000).optional(),
  secret: z.string().min(16).max(200).optional(),
});

/** Without an amount the reserve has no end. */
export const reserveSchema = z.union([
  merchantSchema.extend({
    amount: z
      .int()
      .nonnegative()
      .transform((amount) => BigInt(amount)),
    currency: moneyFields.currency,
  }),
  merchantSchema.strict().transform((merchant) => ({ ...merchant, amount: undefined, currency: undefined })),
]);

export const transfersSchema = z.object({ accountNumber: z.string().min(1).max(200) });

export const outageSchema = z.object({
  channel: servedChannelSchema,
  merchantNo: merchantSchema.shape.merchantNo.optional(),
  mode: z.enum(outageModes).default('refuse'),
  perMille: z.int().min(0).max(1_000).default(1_000),
  /** 0 ends it */
  forSeconds: z.int().min(0).max(86_400),
});

export const denialSchema = merchantOrderSchema.extend({ denial: z.enum(denials) });

export const callbackSchema = merchantOrderSchema.extend({
  misbehaviour: z.enum(misbehaviours),
  callbackUrl: httpUrlSchema.optional(),
  /** of `late`; the longest that the queue keeps a message back */
  delaySeconds: z.int().min(0).max(900).default(5),
});
