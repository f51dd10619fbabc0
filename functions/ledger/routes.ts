import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageSchema } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { accountSchema, balancesThenSchema, entrySchema } from './schemas.ts';
import { momentQuery, statementQuery } from './statements/statement-query.ts';

const accountParams = z.object({ id: idSchema('acct') });

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
  summary: 'Lists the entries of an account by accounting date or time, or hands them over as a CSV file',
  callers: ['institution', 'operator'],
  params: accountParams,
  query: statementQuery,
  // 303: a large file waits at the Location for 15 minutes
  answers: { 200: pageSchema(entrySchema), 303: null },
  csv: true,
});

export const getBalancesRoute = defineRoute({
  method: 'GET',
  path: '/v1/accounts/{id}/balances',
  summary: 'Shows the balances that an account had at a past moment or at the end of an accounting date',
  callers: ['institution', 'operator'],
  params: accountParams,
  query: momentQuery,
  answers: { 200: balancesThenSchema },
});
