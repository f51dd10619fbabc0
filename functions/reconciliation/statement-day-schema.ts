/** The fields by which callers name a merchant's day. */
import * as z from 'zod';
import { parseAccountingDate } from '../kernel/clock.ts';

export const daySchema = z
  .string()
  .transform((text, context) => {
    const date = parseAccountingDate(text);
    if (date) return date;
    context.addIssue('must be a calendar day, such as 2026-03-01');
    return z.NEVER;
  })
  .meta({ description: "the day that the file tells of, in the channel's zone", example: '2026-03-01' });

export const dayFields = {
  channel: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is no channel id')
    .meta({ description: 'id of the channel', example: 'sandbox-bank' }),
  merchantNo: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, underscores or hyphens')
    .meta({ description: 'at the channel', example: '1900000109' }),
  date: daySchema,
};
