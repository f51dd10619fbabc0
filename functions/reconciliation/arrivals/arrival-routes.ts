import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, moneySchema } from '../../kernel/money.ts';
import { pageQuery, pageSchema } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { arrivalStatuses } from './arrival.ts';

const shareSchema = z.object({
  date: z.string().meta({ description: 'the day of the statement' }),
  lineNumber: z.int(),
  reference: z.string(),
  amount: moneySchema,
});

export const arrivalSchema = z
  .object({
    id: idSchema('arr'),
    status: z.enum(arrivalStatuses),
    channel: z.string(),
    merchantNo: z.string(),
    date: z.string().meta({ description: 'the day of the statement that tells of the settlement' }),
    references: z.array(z.string()),
    settled: moneySchema,
    arrived: moneySchema,
    returned: moneySchema,
    outstanding: moneySchema.meta({ description: 'what is still to come' }),
    dueOn: z.string().meta({ description: 'after this day it is overdue' }),
    bank: z.object({ channel: z.string(), merchantNo: z.string() }).meta({ description: 'where it is awaited' }),
    credits: z.array(shareSchema).meta({ description: "lines of the bank's statements that stand against it" }),
    returns: z.array(shareSchema).meta({ description: "lines of the channel's statements that took it back" }),
  })
  .meta({ id: 'Arrival', description: '到账: what a channel says that it settled to our bank' });

const totalSchema = z.object({
  currency: currencySchema,
  settled: moneySchema,
  arrived: moneySchema,
  outstanding: moneySchema,
  overdue: moneySchema.meta({ description: 'what is outstanding and should have come' }),
});

const day = z.iso
  .date('must be a calendar day, such as 2026-03-01')
  .transform((date) => date as AccountingDate) // just checked
  .meta({ example: '2026-03-01' });

export const listArrivalsRoute = defineRoute({
  method: 'GET',
  path: '/v1/arrivals',
  summary: 'Lists what channels settled to our bank and what of it has arrived, by day',
  description: '到账核对: to see which settlements are overdue, and which credits of the bank stand against each.',
  refusals: {
    institution_required: 'operators name the institution',
    range_too_long: 'more days, or more settlements, than an answer may hold',
    no_pages_in_files: 'a CSV file has no pages: leave out limit and cursor',
    file_too_long: 'the file takes longer than an answer may',
  },
  callers: ['institution', 'operator'],
  query: z
    .object({
      limit: pageQuery.limit.unwrap().optional(),
      cursor: pageQuery.cursor.refine(
        (place) => place === undefined || /^\d{4}-\d{2}-\d{2}#/.test(place),
        'is no cursor of this list',
      ),
      from: day,
      to: day,
      channel: z.string().max(40).optional(),
      merchantNo: z.string().max(32).optional(),
      status: z.enum(arrivalStatuses).optional(),
      institutionId: idSchema('inst').optional().meta({ description: 'operators name the institution' }),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], message: 'must not be before from' }),
  answers: {
    200: pageSchema(arrivalSchema).extend({
      totals: z.array(totalSchema).meta({ description: 'of the whole list, by currency' }),
    }),
    303: null,
  },
  csv: true,
});
