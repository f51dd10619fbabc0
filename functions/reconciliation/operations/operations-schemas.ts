/** What operators hand in and see of their work on statements. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { batchStatuses } from '../batch-status.ts';
import { reconciliationSchema } from '../schemas.ts';
import { dayFields } from '../statement-day-schema.ts';
import { isUnreadable, seriesOf } from '../statement-key.ts';
import { progressSteps } from './progress.ts';

const count = z.int().nonnegative().meta({ description: 'how many' });

export const reasonSchema = z.string().trim().min(1).max(500).meta({
  description: 'why, for the record',
  example: 'the channel sent the file of another day',
});

export const startBodySchema = z
  .union([
    z.strictObject({
      key: z
        .string()
        .max(1_024)
        .refine(
          (key) => !isUnreadable(seriesOf(key)),
          'must be statements/<channel>/<merchantNo>/<YYYY-MM-DD>/<file name>',
        )
        .meta({ example: 'statements/sandbox-bank/1900000109/2026-03-01/day.csv' }),
    }),
    z.strictObject(dayFields).meta({ description: 'the newest file of that day' }),
  ])
  .meta({ id: 'StartReconciliation' });

export const startedSchema = z
  .object({
    outcome: z.enum(['queued', 'running', 'redriven', 'new_attempt', 'new_version', 'started']).meta({
      description:
        'queued: read for its hash, then started as the next version, unless the newest one has the same content; running: already at work; redriven, new_attempt, new_version, started: taken up again',
    }),
    key: z.string().meta({ description: 'of the file in the statement bucket' }),
    versionId: z.string().nullable().meta({ description: 'of the object that is started' }),
    executionName: z.string().meta({ description: 'of a queued file: what it will be unless another one is faster' }),
    reconciliation: reconciliationSchema.nullable().meta({ description: 'null for a file that is queued' }),
  })
  .meta({ id: 'StartedReconciliation' });

export const redrivenSchema = z
  .object({
    outcome: z.enum(['redriven', 'new_attempt', 'new_version', 'started']).meta({
      description:
        'new_attempt: Step Functions could not redrive the execution, and another one goes on at the step that failed; new_version: what it was handed is forgotten (after 29 days) and it had begun to post, so that its file is worked on again as the next version; started: it had never begun',
    }),
    reconciliation: reconciliationSchema,
  })
  .meta({ id: 'RedrivenReconciliation' });

export const backFillBodySchema = z
  .strictObject({
    channel: dayFields.channel,
    merchantNo: dayFields.merchantNo,
    month: z
      .string()
      .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, such as 2026-03')
      .meta({ example: '2026-03' }),
  })
  .meta({ id: 'BackFillStatements' });

export const backFilledSchema = z
  .object({
    items: z.array(
      z.object({
        date: z.string(),
        outcome: z.enum(['queued', 'no_file', 'known']).meta({
          description: 'known: the newest file of that day is a version already, good or bad',
        }),
        key: z.string().nullable(),
        executionName: z.string().nullable(),
        status: z.enum(batchStatuses).nullable(),
      }),
    ),
  })
  .meta({ id: 'BackFilledStatements' });

const itemsSchema = z.object({
  done: count,
  all: count.nullable().meta({ description: 'null until they are counted' }),
});

export const progressSchema = z
  .object({
    id: idSchema('recon'),
    status: z.enum(batchStatuses),
    executionName: z.string(),
    step: z.enum(progressSteps).meta({ description: 'the state at work, or the last one of a batch that has ended' }),
    startedAt: z.string().meta({ description: 'RFC 3339, in UTC' }),
    updatedAt: z.string().meta({ description: 'when anything was last noted' }),
    lines: z.object({
      all: count.nullable().meta({ description: 'lines of the file; null until Plan has run' }),
      isEstimate: z.boolean().meta({ description: 'by bytes, until every range of the file is staged' }),
      staged: count,
      matched: count,
    }),
    items: z
      .object({ ranges: itemsSchema, expectationShards: itemsSchema, shards: itemsSchema })
      .meta({ description: 'of the three maps' }),
    linesPerSecond: count.nullable().meta({ description: 'at present; null in steps that read no lines' }),
    secondsLeft: count.nullable().meta({ description: 'of Stage and Match at the present rate' }),
  })
  .meta({ id: 'ReconciliationProgress' });
