/** How operators see which statements are expected, and say of which day there is none. */
import * as z from 'zod';
import { addDays } from '../../kernel/clock.ts';
import { pageSchema, pageWithin } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { dayFields, daySchema } from '../statement-day-schema.ts';
import { expectedStatementSchema } from './calendar-schemas.ts';
import { expectedStatuses } from './expected-statement.ts';

/** The longest range of one request. */
const longestDays = 31;

export const listExpectedStatementsRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/expected-statements',
  summary: 'Lists which statements the calendars expect of a day or of up to 31 days, and what has become of each',
  description:
    "To see what is late. Days before a merchant number was registered are left out, whatever the calendar's `from` is: `expectedFrom` says from when on its files are expected.",
  callers: ['operator'],
  query: z
    .object({
      ...pageWithin(/^\d{4}-\d{2}-\d{2}#[a-z][a-z0-9-]{0,39}#[A-Za-z0-9_-]{1,32}$/),
      date: daySchema.optional(),
      from: daySchema.optional(),
      to: daySchema.optional(),
      status: z.enum(expectedStatuses).optional(),
      channel: dayFields.channel.optional(),
      merchantNo: dayFields.merchantNo.optional(),
    })
    .superRefine(({ date, from, to }, context) => {
      const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if (date !== undefined) {
        if (from !== undefined || to !== undefined) complain('date', 'goes without from and to');
      } else if (from === undefined || to === undefined) complain('date', 'a date, or from and to, is needed');
      else if (to < from) complain('to', 'must not be before from');
      else if (to >= addDays(from, longestDays)) complain('to', `must be within ${longestDays} days of from`);
    }),
  answers: { 200: pageSchema(expectedStatementSchema) },
});

export const confirmEmptyStatementRoute = defineRoute({
  method: 'POST',
  path: '/v1/admin/expected-statements/{channel}/{merchantNo}/{date}/confirm-empty',
  summary: 'Says that no statement comes of a day because nothing happened on it',
  description: 'Where the calendar has empty days confirmed. A file that comes after that is reconciled all the same.',
  refusals: {
    not_found: 'there is no such merchant number',
    not_expected: 'no calendar expects a file of that day',
    file_expected: 'the calendar says that an empty day has a file, too',
    already_received: 'a file has come',
    day_has_payments: 'our books hold payments of that day',
    day_not_over: 'the day is not over',
  },
  callers: ['operator'],
  params: z.object(dayFields),
  body: z.strictObject({
    note: z.string().trim().min(1).max(500).optional().meta({ example: 'the channel answered that there is no bill' }),
  }),
  answers: { 200: expectedStatementSchema },
});
