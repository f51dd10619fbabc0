/** What callers are shown of business days. */
import * as z from 'zod';
import { currencySchema, moneySchema } from '../../kernel/money.ts';
import { subjects } from '../chart-of-accounts.ts';
import { dayStatuses } from './report-trial-balance.ts';

const sides = z.object({ debit: moneySchema, credit: moneySchema });

const figures = {
  opening: sides.meta({ description: '期初: the closing of the day before, on its side' }),
  movement: sides.meta({ description: '本期发生: the totals of both sides' }),
  closing: sides.meta({ description: '期末, on its side' }),
};

const institutionId = z.string().meta({
  description: "an institution, or `center` for the center's own books",
  example: 'inst_01JZ8Q4T6M3V9X5B7N1K2R0C8D',
});

const date = z.iso.date().meta({ description: '会计日', example: '2026-03-01' });

export const trialBalanceSchema = z
  .object({
    date,
    status: z.enum(dayStatuses).meta({ description: '`closing`: the day has been left and is being added up' }),
    asOf: z.iso.datetime().meta({ description: 'when the day was closed, or the moment that the figures show' }),
    institutionId: institutionId.nullable().meta({ description: 'null for the whole center' }),
    lines: z.array(
      z.object({
        subject: z.object({
          code: z.enum(subjects),
          name: z.string().meta({ example: 'Member deposits' }),
          nameZh: z.string().meta({ example: '会员存款' }),
          normalSide: z.enum(['debit', 'credit']),
        }),
        currency: currencySchema,
        ...figures,
      }),
    ),
    totals: z
      .array(z.object({ currency: currencySchema, ...figures }))
      .meta({ description: 'per currency, the same on both sides' }),
  })
  .meta({ id: 'TrialBalance' });

export const bookFileSchema = z
  .object({
    date,
    institutionId,
    status: z.literal('closed'),
    lines: z.int().nonnegative().meta({ description: 'without the head' }),
    bytes: z.int().nonnegative(),
    sha256: z.string().meta({ description: 'lower-case hex' }),
    url: z.url().meta({ description: 'fetches the CSV file without further credentials' }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'BookFile' });

export const businessDatesSchema = z
  .object({
    openDay: date.nullable().meta({ description: 'what is posted now is booked in it; null before the first posting' }),
    firstDay: date.nullable(),
    items: z
      .array(
        z.object({
          date,
          closedAt: z.iso.datetime(),
          entries: z.int().optional().meta({ description: 'operators only' }),
          institutions: z.int().optional().meta({ description: 'operators only: whose books held or moved anything' }),
          turnover: z.array(moneySchema).optional().meta({ description: 'operators only: the debits of the day' }),
        }),
      )
      .meta({ description: 'closed days, the newest first' }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'BusinessDates' });
