import * as z from 'zod';
import type { AccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { pageQuery, pageSchema } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { accountSchema, entriesCursorPattern, entrySchema } from './schemas.ts';

const accountParams = z.object({ id: idSchema('acct') });

const dateSchema = (description: string) =>
  z.iso
    .date('must be a calendar day, such as 2026-03-01')
    .transform((date) => date as AccountingDate) // just checked
    .optional()
    .meta({ description, example: '2026-03-01' });

export const getAccountRoute = defineRoute({
  method: 'GET',
  path: '/v1/accounts/{id}',
  summary: 'Shows an account and its balances; a settlement account with its pending and reconciled figures',
  callers: ['institution', 'operator'],
  params: accountParams,
  answers: { 200: accountSchema },
});

export const listEntriesRoute = defineRoute({
  method: 'GET',
  path: '/v1/accounts/{id}/entries',
  summary: 'Lists the entries of an account by accounting date, newest first',
  callers: ['institution', 'operator'],
  params: accountParams,
  query: z
    .object({
      limit: pageQuery.limit.unwrap().optional().meta({
        description: 'at most this many, 1 to 200; 50 unless given, or all of a CSV file, which may have 10 000',
      }),
      cursor: pageQuery.cursor.refine(
        (place) => place === undefined || entriesCursorPattern.test(place),
        'is no cursor of this list',
      ),
      from: dateSchema('first accounting date (会计日), included'),
      to: dateSchema('last accounting date (会计日), included'),
    })
    .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
      path: ['to'],
      message: 'must not be before `from`',
    }),
  answers: { 200: pageSchema(entrySchema) },
  csv: true,
});
