/** What operators see of the statements that calendars expect. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { batchStatuses } from '../batch-status.ts';
import { expectedStatuses } from './expected-statement.ts';

export const expectedStatementSchema = z
  .object({
    channel: z.string(),
    merchantNo: z.string(),
    date: z.string().meta({ description: 'the day that the file tells of', example: '2026-03-01' }),
    institutionId: idSchema('inst'),
    settlementAccountId: idSchema('acct'),
    status: z.enum(expectedStatuses).meta({
      description:
        'waiting: its hour is over, the grace is not; late: nothing came; received: `reconciliation` says what became of it; confirmed_empty: nothing happened on that day',
    }),
    expectedFrom: z.string().meta({
      description:
        "the first day of which a file is expected: the calendar's `from`, or the day on which the merchant number was registered, whichever is later",
    }),
    dueAt: z.string().meta({ description: 'by when the file must have come, before any grace' }),
    calledAt: z.string().meta({ description: 'when the grace is over' }),
    missingSince: z.string().nullable().meta({ description: 'since when its absence is on record' }),
    lateSeconds: z.int().nullable().meta({ description: 'how long after its hour it came' }),
    reconciliation: z
      .object({
        id: idSchema('recon'),
        version: z.int(),
        status: z.enum(batchStatuses),
        executionName: z.string(),
        receivedAt: z.string(),
      })
      .nullable()
      .meta({ description: 'the newest version that came' }),
    confirmation: z.object({ by: z.string(), at: z.string(), note: z.string().nullable() }).nullable().meta({
      description: 'who says that no file comes: an operator, `channel`, or `calendar` where an empty day has none',
    }),
  })
  .meta({ id: 'ExpectedStatement' });
