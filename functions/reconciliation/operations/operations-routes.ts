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
  description:
    'For a file of which no event told, or one that was rejected, cancelled or failed. One that comes by itself or by an upload needs no start.',
  refusals: {
    unknown_merchant: 'no settlement account has the merchant number: `errors` name the field',
    no_statement_file: 'no such file lies in the bucket',
    already_reconciled: 'the file is a version of its day already',
    not_failed: 'its execution runs, or has ended well',
    newer_version: 'a newer version of the day has taken its place',
  },
  callers: ['operator'],
  body: startBodySchema,
  answers: { 202: startedSchema },
});

export const cancelReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/cancel',
  summary: 'Stops a reconciliation that has not begun to claim and to post; its day is free for the next version',
  description:
    'For a run on the wrong file, until its state Conclude takes the day: it leaves nothing behind. Again, it changes nothing.',
  refusals: {
    not_found: 'there is no such reconciliation',
    already_posting: 'it claims and posts already: a corrected file takes back what it posts',
    already_ended: 'it has ended',
  },
  callers: ['operator'],
  params: reconciliationParams,
  body: z.strictObject({ reason: reasonSchema }),
  answers: { 200: reconciliationSchema },
});

export const redriveReconciliationRoute = defineRoute({
  method: 'POST',
  path: '/v1/reconciliations/{id}/redrive',
  summary: 'Lets a reconciliation that failed go on where it stopped',
  description:
    'After a fault of ours, once its cause is mended: nothing is done twice. Where it had posted and its working files are forgotten, its file becomes the next version.',
  refusals: {
    not_found: 'there is no such reconciliation',
    not_failed: 'its execution runs, or has ended well',
    newer_version: 'a newer version of the day has taken its place',
  },
  callers: ['operator'],
  params: reconciliationParams,
  answers: { 202: redrivenSchema },
});

export const getProgressRoute = defineRoute({
  method: 'GET',
  path: '/v1/reconciliations/{id}/progress',
  summary: 'Shows how far a reconciliation is: its step, lines done of all, rate and time left',
  description: 'Every few seconds while it is `running`.',
  refusals: {
    not_found: "there is no such reconciliation, or it is another institution's",
  },
  callers: ['institution', 'operator'],
  params: reconciliationParams,
  answers: { 200: progressSchema },
});

export const backFillStatementsRoute = defineRoute({
  method: 'POST',
  path: '/v1/admin/statement-backfills',
  summary:
    'Starts the newest file of each day of a month that is no version yet, and says of each day what became of it',
  description:
    'For files that lay there before the merchant number was registered, or while events were lost. What was rejected, cancelled or failed is started one by one.',
  refusals: {
    unknown_merchant: 'no settlement account has the merchant number: `errors` name the field',
    too_many_files: 'over 2 000 files lie there: start the days one by one',
  },
  callers: ['operator'],
  body: backFillBodySchema,
  answers: { 202: backFilledSchema },
});
