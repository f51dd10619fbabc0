/** How a statement profile makes values, amounts and times of the fields of a line. None of it can take more than linear time. */
import * as z from 'zod';

/** The kinds of statement lines that reconciliation knows. */
export const profileKinds = [
  'collection',
  'refund',
  'refund_return',
  'payout',
  'payout_return',
  'fee',
  'settlement',
  'settlement_return',
  'credit',
  'debit',
] as const;

export const profileStatuses = ['succeeded', 'processing', 'failed', 'revoked'] as const;

const columnSchema = z.string().trim().min(1).max(60);
const columnsSchema = z
  .array(columnSchema)
  .min(1)
  .max(5)
  .meta({ description: 'the first one that is not empty is taken', example: ['商户订单号'] });
const wordSchema = z.string().max(60);

export const conditionSchema = z
  .strictObject({
    column: columnSchema,
    equals: z.array(wordSchema).min(1).max(50).optional(),
    startsWith: z.array(wordSchema.min(1)).min(1).max(20).optional(),
    contains: z.array(wordSchema.min(1)).min(1).max(20).optional(),
    empty: z.boolean().optional(),
  })
  .refine(({ column: _, ...tests }) => Object.values(tests).filter((each) => each !== undefined).length === 1, {
    message: 'needs one of equals, startsWith, contains and empty',
  })
  .meta({ id: 'StatementCondition', description: 'What a field must be; one of several texts is enough' });

export type Condition = z.infer<typeof conditionSchema>;

export const extractSchema = z
  .strictObject({
    after: z.string().min(1).max(40).optional().meta({ description: 'the text before it; left out: from the start' }),
    before: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: 'the text after it; left out: as far as it goes' }),
    characters: z.enum(['any', 'digits', 'alphanumeric', 'reference', 'decimal']).optional().meta({
      description:
        'what it is made of: reference is letters, digits, - and _; decimal is digits, marks and signs. Other characters before it are passed over',
    }),
    minimumLength: z.int().min(1).max(128).optional(),
    maximumLength: z.int().min(1).max(128).optional(),
  })
  .refine(({ after, before, characters }) => after ?? before ?? characters, 'says nothing of what to take')
  .meta({ id: 'StatementExtract', description: 'What of a text is taken, the first that fits' });

export type Extract = z.infer<typeof extractSchema>;

export const valueSchema = z
  .strictObject({
    columns: columnsSchema.optional(),
    constant: z.string().min(1).max(60).optional().meta({ description: 'the same on all lines' }),
    extract: z
      .array(extractSchema)
      .min(1)
      .max(10)
      .optional()
      .meta({ description: 'what of a column is taken: the first rule that finds something; none: the next column' }),
  })
  .refine(({ columns, constant }) => (columns === undefined) !== (constant === undefined), {
    message: 'needs either columns or a constant',
  })
  .meta({ id: 'StatementValue' });

export type ValueRule = z.infer<typeof valueSchema>;

const signSchema = z
  .strictObject({
    column: columnSchema,
    negative: z
      .array(wordSchema)
      .min(1)
      .max(10)
      .meta({ example: ['D', 'DR', '借'] }),
    positive: z.array(wordSchema).min(1).max(10).optional().meta({ description: 'left out: whatever else' }),
  })
  .meta({ description: 'where it stands in a column of its own' });

export const amountSchema = z
  .strictObject({
    columns: columnsSchema.optional(),
    sign: signSchema.optional(),
    debit: columnSchema.optional().meta({ description: 'what went out, which is negative' }),
    credit: columnSchema.optional().meta({ description: 'what came in' }),
  })
  .refine(({ debit, credit }) => (debit === undefined) === (credit === undefined), {
    message: 'needs both debit and credit, or neither',
  })
  .refine(({ columns, debit }) => (columns === undefined) !== (debit === undefined), {
    message: 'needs either columns, or debit and credit',
  })
  .refine(({ sign, debit }) => sign === undefined || debit === undefined, {
    path: ['sign'],
    message: 'is told by debit and credit already',
  })
  .meta({ id: 'StatementAmount', description: 'Of the whole order, before its fee' });

export type AmountRule = z.infer<typeof amountSchema>;

export const feeSchema = z
  .strictObject({
    columns: columnsSchema,
    sign: signSchema.optional(),
    negated: z.boolean().optional().meta({ description: 'whether a fee that was charged is negative in the file' }),
  })
  .meta({ id: 'StatementFee', description: 'What the channel charged; an empty field is no fee' });

export const numbersSchema = z
  .strictObject({
    unit: z.enum(['major', 'minor']).meta({ description: 'yuan or fen' }),
    decimalMark: z.enum(['.', ',']).optional().meta({ description: 'left out: .' }),
    thousands: z.enum([',', '.', ' ', "'"]).optional().meta({ description: 'left out: digits stand together' }),
    negative: z
      .array(z.enum(['leading', 'trailing', 'parentheses']))
      .min(1)
      .max(3)
      .optional()
      .meta({ description: 'where a minus may stand, or what is in its place; left out: leading' }),
  })
  .refine(({ decimalMark = '.', thousands }) => decimalMark !== thousands, {
    path: ['thousands'],
    message: 'must not be the decimal mark',
  })
  .meta({ description: 'how amounts are written, in all columns alike' });

export type NumberRules = z.infer<typeof numbersSchema>;

/** Longest first, as they are looked for. */
export const timeTokens = ['yyyy', 'SSS', 'XXX', 'yy', 'MM', 'dd', 'HH', 'mm', 'ss'] as const;

export const timeSchema = z
  .strictObject({
    columns: z.array(columnSchema).min(1).max(3).meta({ description: 'read one after another, with a blank between' }),
    format: z.string().min(4).max(40).meta({
      description: 'yyyy or yy, MM, dd, HH, mm, ss, SSS, XXX for an offset; a missing year is that of the statement',
      example: 'yyyyMMdd HHmmss',
    }),
    offset: z
      .string()
      .regex(/^(Z|[+-](0\d|1[0-4]):[0-5]\d)$/, 'must be Z or an offset such as +08:00')
      .optional()
      .meta({ description: "left out: that of the channel's time zone" }),
  })
  .meta({ id: 'StatementTime' });

export type TimeRule = z.infer<typeof timeSchema>;
