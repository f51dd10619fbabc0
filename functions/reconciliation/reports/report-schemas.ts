/** What callers see of the four reports. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, moneySchema } from '../../kernel/money.ts';
import { pageSchema } from '../../kernel/page.ts';
import { batchStatuses } from '../batch-status.ts';
import { differenceTypes } from '../difference-types.ts';
import { lineKinds, lineStatuses } from '../statement-line.ts';
import { rowResults } from './detail-row.ts';

const count = z.int().meta({ description: 'how many transactions' });
const channel = z.string().meta({ description: 'id of the channel', example: 'sandbox-bank' });
const merchantNo = z.string().meta({ description: 'at the channel', example: '1900000109' });

const figuresSchema = z.object({ count, amount: moneySchema, fee: moneySchema, net: moneySchema });
const feesSchema = z.object({ count, amount: moneySchema, fee: moneySchema });

const account = { channel, merchantNo, currency: currencySchema, kind: z.enum(lineKinds) };

const fundsSummaryRowSchema = z
  .object({
    ...account,
    theirs: figuresSchema.meta({ description: 'what the channel reported' }),
    ours: figuresSchema.meta({ description: 'what we booked' }),
    difference: figuresSchema.meta({ description: 'theirs minus ours' }),
  })
  .meta({ id: 'FundsSummaryRow', description: '资金汇总: one kind of transaction at one merchant number' });

const feeSummaryRowSchema = z
  .object({ ...account, theirs: feesSchema, ours: feesSchema, difference: feesSchema })
  .meta({ id: 'FeeSummaryRow', description: '手续费汇总: one kind of transaction at one merchant number' });

const totalSchema = z.object({
  currency: currencySchema,
  theirs: z.object({ fee: moneySchema, net: moneySchema }),
  ours: z.object({ fee: moneySchema, net: moneySchema }),
  difference: z.object({ fee: moneySchema, net: moneySchema }),
});

const place = {
  date: z.string().meta({ description: 'the day of the statement', example: '2026-03-01' }),
  channel,
  merchantNo,
  lineNumber: z
    .int()
    .nullable()
    .meta({ description: 'in the decompressed file; null where no line of it tells of this' }),
  at: z.string().nullable().meta({ description: 'of the transaction by the line: RFC 3339, in UTC' }),
  kind: z.enum(lineKinds).nullable(),
  reference: z.string().nullable().meta({ description: 'our number of the order' }),
  channelReference: z.string().nullable().meta({ description: "the channel's number of it" }),
};

const end = {
  result: z
    .enum(rowResults)
    .meta({ description: 'what became of the line; `unreported` is what we expected without one' }),
  differences: z.array(z.enum(differenceTypes)),
  paymentId: idSchema('pay').nullable(),
};

const fundsDetailRowSchema = z
  .object({
    ...place,
    amount: moneySchema.nullable(),
    fee: moneySchema.nullable(),
    status: z.enum(lineStatuses).nullable(),
    ...end,
    note: z.string().nullable().meta({ description: 'the rule that ignored the line, or why it can not be read' }),
    ours: z
      .object({
        paymentId: idSchema('pay').nullable().meta({ description: 'null where several of ours stand as one line' }),
        reference: z.string().nullable().meta({ description: 'our number of the order, as the channel was given it' }),
        amount: moneySchema,
        fee: moneySchema,
        status: z.string().meta({ description: 'succeeded, processing or failed' }),
      })
      .nullable()
      .meta({ description: 'our payment; null where we have none, or where another line tells of it' }),
    net: moneySchema.meta({ description: "what the row counts for in the channel's totals" }),
    ourNet: moneySchema.meta({ description: 'what it counts for in ours' }),
  })
  .meta({ id: 'FundsDetailRow', description: '资金明细: one line of a statement' });

const feeDetailRowSchema = z
  .object({
    ...place,
    amount: moneySchema.nullable(),
    fee: moneySchema.meta({ description: 'what the channel charged' }),
    ourFee: moneySchema.meta({ description: 'what we booked' }),
    feeDifference: moneySchema,
    ...end,
  })
  .meta({ id: 'FeeDetailRow', description: '手续费明细: one line of a statement that bears a fee' });

export const missingDaySchema = z
  .object({
    channel,
    merchantNo,
    date: z.string().meta({ description: 'the day that is missing', example: '2026-03-01' }),
    status: z.enum(batchStatuses).nullable().meta({ description: 'of what came for the day; null where nothing did' }),
  })
  .meta({ id: 'MissingDay' });

const days = {
  missingDays: z.array(missingDaySchema).meta({
    description:
      'days that are over and that no concluded statement tells of; none on which the calendar expects no file, or that is confirmed to be empty',
  }),
};

const totals = { totals: z.array(totalSchema).meta({ description: 'of all rows, by currency' }) };

export const batchReportSchema = z.union([
  pageSchema(fundsSummaryRowSchema).extend(totals).meta({ id: 'FundsSummary' }),
  pageSchema(feeSummaryRowSchema).extend(totals).meta({ id: 'FeeSummary' }),
  pageSchema(fundsDetailRowSchema).meta({ id: 'FundsDetail' }),
  pageSchema(feeDetailRowSchema).meta({ id: 'FeeDetail' }),
]);

export const periodReportSchema = z.union([
  pageSchema(fundsSummaryRowSchema)
    .extend({ ...totals, ...days })
    .meta({ id: 'FundsSummaryOfDays' }),
  pageSchema(feeSummaryRowSchema)
    .extend({ ...totals, ...days })
    .meta({ id: 'FeeSummaryOfDays' }),
  pageSchema(fundsDetailRowSchema).extend(days).meta({ id: 'FundsDetailOfDays' }),
  pageSchema(feeDetailRowSchema).extend(days).meta({ id: 'FeeDetailOfDays' }),
]);
