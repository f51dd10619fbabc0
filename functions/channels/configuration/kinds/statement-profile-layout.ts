/** How a statement profile finds fields and control figures in a file. */
import * as z from 'zod';
import { conditionSchema, extractSchema } from './statement-profile-rules.ts';

export const textSchema = z.string().min(1).max(100);

export const columnSchema = z.string().trim().min(1).max(60).meta({ description: 'name of a column' });

const columnsSchema = z.array(columnSchema).min(1).max(200);

const delimitedSchema = z.strictObject({
  type: z.literal('delimited'),
  delimiter: z.string().min(1).max(3).meta({ description: 'one character, or up to three such as |@|', example: ',' }),
  quoted: z.boolean().meta({ description: 'whether fields may stand in double quotes' }),
  header: z
    .enum(['first-line', 'searched', 'none'])
    .meta({ description: 'the line after those that are skipped; the first line that names all columns; or no line' }),
  columns: columnsSchema.optional().meta({ description: 'their names in order, where the file has no header' }),
  trailingDelimiter: z.boolean().optional().meta({ description: 'whether a record ends with a delimiter' }),
  recordsSpanLines: z
    .boolean()
    .optional()
    .meta({ description: 'whether quoted fields may hold line ends; such a file is read by one worker alone' }),
});

const fixedWidthSchema = z.strictObject({
  type: z.literal('fixed-width'),
  columns: z
    .array(
      z.strictObject({
        name: columnSchema,
        from: z.int().min(1).max(10_000).meta({ description: 'its first byte, counted from 1' }),
        bytes: z.int().min(1).max(1_000),
      }),
    )
    .min(1)
    .max(200),
  lineBytes: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .meta({ description: 'without the line end; another length is a line error' }),
});

export const layoutSchema = z.discriminatedUnion('type', [delimitedSchema, fixedWidthSchema]);

const figureSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(60).meta({ description: 'as people know it', example: '总金额' }),
    field: z.int().min(1).max(200).optional().meta({ description: 'the how manieth field of the row' }),
    bytes: z.strictObject({ from: z.int().min(1).max(10_000), bytes: z.int().min(1).max(100) }).optional(),
    extract: extractSchema.optional().meta({ description: 'where it stands in a sentence' }),
    counts: z.literal(true).optional().meta({ description: 'the figure is a number of lines' }),
    sums: columnSchema.optional().meta({ description: 'the figure is the sum of a column' }),
    when: z.array(conditionSchema).max(10).optional().meta({ description: 'of which lines; left out: of all' }),
  })
  .refine(({ field, bytes, extract }) => [field, bytes, extract].filter((place) => place !== undefined).length === 1, {
    message: 'needs one of field, bytes and extract',
  })
  .refine(({ counts, sums }) => (counts === undefined) !== (sums === undefined), {
    message: 'needs either counts or sums',
  });

export const controlRowSchema = z.strictObject({
  at: z.enum(['start', 'end']),
  prefix: textSchema
    .optional()
    .meta({ description: 'with which the row begins; left out: the first or the last line that is not blank' }),
  figuresOn: z
    .enum(['same-line', 'next-line'])
    .optional()
    .meta({ description: 'next-line: the row itself is a header; left out: same-line' }),
  figures: z.array(figureSchema).max(20),
});
