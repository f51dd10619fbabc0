/**
 * 对账文件格式定义: a statement format that operators write as data, for any delimited or fixed-width file. Reconciliation makes a
 * reader of it; what the parts mean is said in their descriptions, and with examples in `docs/statement-profiles.md`.
 */
import * as z from 'zod';
import { chosenId, defineKind } from './kind.ts';
import { profileFlaws } from './statement-profile-flaws.ts';
import { controlRowSchema, layoutSchema, textSchema } from './statement-profile-layout.ts';
import {
  amountSchema,
  conditionSchema,
  feeSchema,
  numbersSchema,
  profileKinds,
  profileStatuses,
  timeSchema,
  valueSchema,
} from './statement-profile-rules.ts';

const rules = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({
    ...shape,
    when: z.array(conditionSchema).max(10).optional().meta({ description: 'all must hold; left out: always' }),
  });

const profileShape = z.strictObject({
  name: z.string().trim().min(1).max(100).meta({ description: 'for people', example: 'City Bank, merchant statement' }),
  encoding: z.enum(['utf-8', 'gb18030', 'latin1']).meta({ description: 'gb18030 reads GBK and GB2312 as well' }),
  layout: layoutSchema,
  recognise: z
    .strictObject({
      columns: z.array(textSchema).min(1).max(50).optional().meta({ description: 'stand in the header, in any order' }),
      fileName: textSchema.optional().meta({ description: '* is any text, ? any character', example: 'SETTLE_*.txt' }),
      firstLine: textSchema.optional().meta({ description: 'with which the first line begins' }),
    })
    .refine((signs) => Object.keys(signs).length > 0, 'names no sign')
    .meta({ description: 'by which a file is known; all that is given must fit' }),
  accompaniedBy: z
    .array(textSchema)
    .max(10)
    .optional()
    .meta({ description: 'file names, with * and ?, that come in the same archive and say nothing more' }),
  skipLines: z.int().min(0).max(100).optional().meta({ description: 'at the beginning, before anything else' }),
  comments: textSchema.optional().meta({ description: 'with which a line begins that says nothing', example: '#' }),
  strip: z.string().min(1).max(10).optional().meta({
    description: 'characters that are taken off both ends of each field, as blanks always are',
    example: '`\t=',
  }),
  controlRows: z.array(controlRowSchema).max(10).optional().meta({ description: 'what the file says of itself' }),
  numbers: numbersSchema,
  fields: z.strictObject({
    ourReference: valueSchema.optional().meta({ description: 'our number of the order' }),
    channelReference: valueSchema.optional().meta({ description: "the channel's own number" }),
    amount: amountSchema,
    fee: feeSchema.optional().meta({ description: 'left out: lines have none' }),
    currency: valueSchema.optional().meta({ description: "left out: the settlement account's" }),
    time: timeSchema,
    merchantNo: valueSchema.optional().meta({ description: 'left out: lines name none' }),
    settlementReference: valueSchema.optional(),
    remittance: valueSchema.optional().meta({ description: "a bank's free text" }),
  }),
  currencies: z
    .record(z.string().min(1).max(20), z.string().regex(/^[A-Z]{3}$/, 'is no ISO 4217 code'))
    .refine((names) => Object.keys(names).length <= 50, 'has more than 50 names')
    .optional()
    .meta({ description: 'how the file writes them', example: { '156': 'CNY', 人民币: 'CNY' } }),
  kinds: z
    .array(
      rules({
        kind: z.enum(profileKinds),
        sign: z
          .enum(['positive', 'negative', 'either'])
          .optional()
          .meta({ description: 'of the amount; left out: positive' }),
        givenBack: z.boolean().optional().meta({ description: 'of a fee on a line of its own: it came back to us' }),
      }),
    )
    .min(1)
    .max(50)
    .meta({
      description: 'what a line is; the first rule that fits is followed, and a line that none fits is a line error',
    }),
  statuses: z
    .array(rules({ status: z.enum(profileStatuses) }))
    .min(1)
    .max(30)
    .optional()
    .meta({ description: 'the first rule that fits is followed; left out: every line has succeeded' }),
  ignore: z
    .array(
      z.strictObject({
        rule: z
          .string()
          .regex(/^[a-z][a-z0-9_]{0,39}$/, 'must be a lower-case word with underscores')
          .meta({ description: 'its name, under which ignored lines are counted', example: 'authorisation' }),
        when: z.array(conditionSchema).min(1).max(10),
      }),
    )
    .max(30)
    .optional()
    .meta({ description: 'lines that move no money of ours' }),
  covers: z
    .array(z.enum(profileKinds))
    .min(1)
    .max(profileKinds.length)
    .optional()
    .meta({ description: 'which of our payments the file must show; left out: all kinds that its rules give' }),
});

export const statementProfileSchema = profileShape
  .superRefine((profile, context) => {
    for (const { field, message } of profileFlaws(profile)) {
      context.addIssue({ code: 'custom', path: field.split('.'), message });
    }
  })
  .meta({
    id: 'StatementProfile',
    description: 'How a delimited or fixed-width statement is read; a channel delivers it as `profile:<id>`',
  });

export type StatementProfile = z.infer<typeof statementProfileSchema>;

export const statementProfileKind = defineKind({
  id: chosenId,
  schema: statementProfileSchema,
  entity: (_id, value): StatementProfile => value,
  flaws: () => [],
});
