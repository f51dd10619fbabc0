/** A statement's frame as Identify leaves it for the later steps. */
import * as z from 'zod';
import type { Frame } from './formats/statement-format.ts';

export const frameSchema: z.ZodType<Frame> = z.object({
  columns: z.array(z.string()),
  detailsStart: z.int(),
  detailsEnd: z.int(),
  firstLineNumber: z.int(),
  control: z.object({ lines: z.int(), sums: z.record(z.string(), z.coerce.bigint()) }),
});
