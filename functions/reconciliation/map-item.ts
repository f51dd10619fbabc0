/** What one item of a distributed map is handed: the run, and its own part of it. */
import * as z from 'zod';
import { plannedRunSchema } from './run.ts';

export const rangeItemSchema = z.object({
  run: plannedRunSchema,
  item: z.object({ range: z.int(), start: z.int(), end: z.int(), firstLineNumber: z.int() }),
});

export const shardItemSchema = z.object({ run: plannedRunSchema, item: z.object({ shard: z.int() }) });
