import * as z from 'zod';
import { moneySchema } from '../../kernel/money.ts';
import { pageWithin } from '../../kernel/page.ts';
import { channelOperations, paymentKinds } from '../payment.ts';
import { paymentStatuses } from '../payment-states.ts';

export const stuckQuerySchema = z.strictObject({
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#pay_[0-9A-Z]{26}$/),
  olderThanMinutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(525_600)
    .default(30)
    .meta({ description: "open for longer than this, counted from the end of the payer's time where there is one" }),
  channel: z.string().min(1).max(64).optional(),
});

export const stuckPaymentSchema = z
  .object({
    transactionId: z.string(),
    institutionId: z.string(),
    kind: z.enum(paymentKinds),
    status: z.enum(paymentStatuses),
    amount: moneySchema,
    channel: z.string(),
    merchantNo: z.string(),
    channelOrderNo: z.string().meta({ description: 'our number at the channel' }),
    batchNo: z.string().nullable(),
    attempts: z.int().meta({ description: 'channels that were asked' }),
    createdAt: z.iso.datetime(),
    overdueSeconds: z.int(),
    calls: z.int().meta({ description: 'calls of channels that are noted' }),
    lastCall: z
      .object({
        at: z.iso.datetime(),
        operation: z.enum(channelOperations),
        outcome: z.string(),
        code: z.string().nullable(),
        durationMs: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'StuckPayment' });
