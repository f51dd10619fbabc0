/** How operators start, stop and watch reconciliations. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { defineRoute } from '../../runtime/route.ts';
import { reconciliationSchema } from '../schemas.ts';
import {
  backFillBodySchema,
  backFilledSchema,
  progressSchema,
  reasonSchema,
  redrivenSchema,
  startBodySchema,
  startedSchema,
} from './operations-schemas.ts';

const reconciliationParams = z.object({ id: idSchema('recon') });

export const startReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations',
  summary: 'Starts a statement that lies in the bucket and was never started, or that came to nothing',
  callers: ['operator'],
  body: startBodySchema,
  answers: { 202: startedSchema },
});

export const cancelReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/cancel',
  summary: 'Stops a reconciliation that has not begun to claim and to post; its day is free for the next version',
  callers: ['operator'],
  params: reconciliationParams,
  body: z.strictObject({ reason: reasonSchema }),
  answers: { 200: reconciliationSchema },
});

export const redriveReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/redrive',
  summary: 'Lets a reconciliation that failed go on where it stopped',
  callers: ['operator'],
  params: reconciliationParams,
  answers: { 202: redrivenSchema },
});

export const getProgressRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/progress',
  summary: 'Shows how far a reconciliation is: its step, lines done of all, rate and time left',
  callers: ['institution', 'operator'],
  params: reconciliationParams,
  answers: { 200: progressSchema },
});

export const backFillStatementsRoute = defineRoute({
  method: 'POST',
  path: '/v1/admin/statement-backfills',
  summary:
    'Starts the newest file of each day of a month that is no version yet, and says of each day what became of it',
  callers: ['operator'],
  body: backFillBodySchema,
  answers: { 202: backFilledSchema },
});
