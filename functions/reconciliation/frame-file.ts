/** A statement's frame as Identify leaves it for the later steps. */
import * as z from 'zod';
import type { Frame } from './reading/statement-format.ts';

export const frameSchema: z.ZodType<Frame> = z.object({
  columns: z.array(z.string()),
  facts: z.record(z.string(), z.string()).optional(),
  detailsStart: z.int(),
  detailsEnd: z.int(),
  firstLineNumber: z.int(),
  control: z.object({
    lines: z.int().optional(),
    sums: z.record(z.string(), z.coerce.bigint()),
    untied: z.array(z.object({ name: z.string(), stated: z.coerce.bigint(), found: z.coerce.bigint() })).optional(),
  }),
});
