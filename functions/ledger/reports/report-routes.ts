import * as z from 'zod';
import { type AccountingDate, parseAccountingDate } from '../../kernel/clock.ts';
import { idSchema } from '../../kernel/ids.ts';
import { pageQuery } from '../../kernel/page.ts';
import { defineRoute } from '../../runtime/route.ts';
import { centersOwn } from './report-owner.ts';
import { bookFileSchema, businessDatesSchema, trialBalanceSchema } from './report-schemas.ts';

const day = z.iso
  .date('must be a calendar day, such as 2026-03-01')
  .transform((date) => date as AccountingDate) // just checked
  .meta({ description: 'business day (会计日)', example: '2026-03-01' });

const institutionId = z
  .union([z.literal(centersOwn), idSchema('inst')])
  .optional()
  .meta({ description: "operators: one institution's books, or `center` for the center's own" });

export const getTrialBalanceRoute = defineRoute({
  method: 'GET',
  path: '/v1/reports/trial-balance',
  summary: 'Shows the trial balance of a business day: opening, movements and closing per subject',
  callers: ['institution', 'operator'],
  query: z.object({
    date: day
      .optional()
      .meta({ description: 'business day (会计日); the open one unless given', example: '2026-03-01' }),
    institutionId,
  }),
  answers: { 200: trialBalanceSchema },
  csv: true,
});

export const getGeneralLedgerRoute = defineRoute({
  method: 'GET',
  path: '/v1/reports/general-ledger',
  summary: 'Gives a link to the general ledger of a closed day: opening, totals and closing per account',
  callers: ['institution', 'operator'],
  query: z.object({ date: day, institutionId }),
  answers: { 200: bookFileSchema },
});

export const getJournalRoute = defineRoute({
  method: 'GET',
  path: '/v1/reports/journal',
  summary: 'Gives a link to the journal of a closed day: one line for each movement of an account',
  callers: ['institution', 'operator'],
  query: z.object({ date: day, institutionId }),
  answers: { 200: bookFileSchema },
});

export const getBusinessDatesRoute = defineRoute({
  method: 'GET',
  path: '/v1/business-dates',
  summary: 'Shows the open business day and the days that have been closed, newest first',
  callers: ['institution', 'operator'],
  query: z.object({
    limit: pageQuery.limit,
    cursor: pageQuery.cursor.refine(
      (place) => place === undefined || parseAccountingDate(place) !== undefined,
      'is no cursor of this list',
    ),
  }),
  answers: { 200: businessDatesSchema },
});
