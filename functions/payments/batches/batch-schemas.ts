/** What the routes of batches take in and give out. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { moneySchema, positiveMoneySchema } from '../../kernel/money.ts';
import { pageSchema, pageWithin } from '../../kernel/page.ts';
import { referenceSchema } from '../../kernel/reference.ts';
import { failureCodes } from '../payment.ts';
import { paymentStatuses } from '../payment-states.ts';
import { batchStatuses } from './batch.ts';

/** 64 KiB of JSON, and what is stored within a request's time. */
export const maximumLines = 200;

const lineSchema = z.strictObject({
  accountId: idSchema('acct'),
  amount: positiveMoneySchema,
  bindingId: idSchema('bind'),
  reference: referenceSchema,
});

export const batchBodySchema = z.strictObject({
  reference: referenceSchema.meta({ description: 'of the batch, unique among the batches of its institution' }),
  lines: z
    .array(lineSchema)
    .min(1)
    .max(maximumLines)
    .superRefine((lines, context) => {
      const seen = new Set<string>();
      for (const [place, { reference }] of lines.entries()) {
        const path = [place, 'reference'];
        if (seen.has(reference)) context.addIssue({ code: 'custom', path, message: 'stands in the batch twice' });
        seen.add(reference);
      }
    }),
});

export const batchQuerySchema = z.strictObject(pageWithin(/^\d{1,3}$/));

const lineStatuses = ['pending', 'refused', ...paymentStatuses] as const;

const lineAnswerSchema = z.object({
  reference: z.string(),
  accountId: z.string(),
  bindingId: z.string(),
  amount: moneySchema,
  status: z.enum(lineStatuses).meta({
    description: "the transaction's; `pending` while it is still to be stored, `refused` where none was made",
  }),
  transactionId: z.string().nullable(),
  refusal: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .meta({ description: 'why no transaction was made, in the codes of POST /v1/withdrawals' }),
  failure: z.object({ code: z.enum(failureCodes), reason: z.string() }).nullable(),
});

export const batchSchema = z
  .object({
    id: z.string().meta({ example: 'batch_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    reference: z.string(),
    status: z.enum([...batchStatuses, 'completed']).meta({
      description:
        '`storing`: lines are being stored; `sending`: channels are being asked; `sent`: lines end one by one; `completed`: all have',
    }),
    createdAt: z.iso.datetime(),
    totals: z.array(z.object({ status: z.enum(lineStatuses), count: z.int(), amount: moneySchema })),
    lines: pageSchema(lineAnswerSchema),
  })
  .meta({ id: 'WithdrawalBatch' });
