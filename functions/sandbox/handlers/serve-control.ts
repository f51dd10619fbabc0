import * as z from 'zod';
import { parseAccountingDate } from '../../kernel/clock.ts';
import { merchantSchema } from '../channels-served.ts';
import { returnPayout } from '../control/return-payout.ts';
import { seedOrder } from '../control/seed-order.ts';
import { writeStatement } from '../control/write-statement.ts';
import { queueBehaviours } from '../orders/agreement-store.ts';
import { linesOfDay } from '../orders/order-store.ts';
import { fileMistakes, lineMistakes } from '../statements/mistakes.ts';
import { formatNames } from '../statements/statement-file.ts';
import { orderBehaviourNames } from '../test-cards.ts';
import { deliverStatement, gate, sandbox } from './dependencies.ts';
import { instantSchema, merchantOrderSchema, moneyFields, orderNoSchema } from './schemas.ts';
import { operation, serveSigned } from './signed-operations.ts';

const dateSchema = z.string().transform((text, context) => {
  const date = parseAccountingDate(text);
  if (date) return date;
  context.addIssue('is no day such as 2026-11-22');
  return z.NEVER;
});

const isLineMistake = (mistake: string) => lineMistakes.find((known) => known === mistake);
const isFileMistake = (mistake: string) => fileMistakes.find((known) => known === mistake);

const statementSchema = merchantSchema
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

const seedSchema = merchantOrderSchema.extend({
  ...moneyFields,
  kind: z.enum(['collection', 'payout', 'refund']),
  completedAt: instantSchema.optional(),
  refundOf: orderNoSchema.optional(),
});

const returnSchema = merchantOrderSchema.extend({ at: instantSchema.optional() });
const behavioursSchema = merchantSchema.extend({ behaviours: z.array(z.enum(orderBehaviourNames)).max(100) });
const daySchema = merchantSchema.extend({ date: dateSchema });

export const handler = serveSigned(gate, {
  '/control/statements': operation(statementSchema, (command) =>
    writeStatement({ ...sandbox(), deliver: deliverStatement() }, command),
  ),
  '/control/orders': operation(seedSchema, ({ channel, merchantNo, channelOrderNo, amount, currency, ...seeded }) =>
    seedOrder(sandbox(), { channel, merchantNo }, { ...seeded, orderNo: channelOrderNo, amount: { amount, currency } }),
  ),
  '/control/returns': operation(returnSchema, ({ channelOrderNo, at, ...merchant }) =>
    returnPayout(sandbox(), { ...merchant, orderNo: channelOrderNo }, at),
  ),
  '/control/behaviours': operation(behavioursSchema, async ({ behaviours, ...merchant }) => {
    await queueBehaviours(sandbox(), merchant, behaviours);
    return { queued: behaviours.length };
  }),
  '/control/days': operation(daySchema, async ({ date, ...merchant }) => ({
    lines: await linesOfDay(sandbox(), merchant, date),
  })),
});
