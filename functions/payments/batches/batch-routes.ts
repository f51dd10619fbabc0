import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { defineRoute } from '../../runtime/route.ts';
import { batchBodySchema, batchQuerySchema, batchSchema } from './batch-schemas.ts';

export const createWithdrawalBatchRoute = defineRoute({
  method: 'POST',
  path: '/v1/withdrawal-batches',
  summary: 'Pays out to many cards at once: each line is frozen and stored or refused, then sent, and ends on its own',
  callers: ['institution'],
  body: batchBodySchema,
  answers: { 202: batchSchema },
});

export const getWithdrawalBatchRoute = defineRoute({
  method: 'GET',
  path: '/v1/withdrawal-batches/{id}',
  summary: 'Shows a batch of withdrawals: totals by status, and its lines',
  callers: ['institution'],
  params: z.object({ id: idSchema('batch') }),
  query: batchQuerySchema,
  answers: { 200: batchSchema },
});
