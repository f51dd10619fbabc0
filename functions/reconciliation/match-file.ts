/** What a shard's match leaves for Conclude, as JSON: amounts as digits, lines and expectations as in shard files. */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import type { DifferenceFacts } from './difference.ts';
import { differenceTypes } from './difference-types.ts';
import { type Completion, ignoredRules, type LineNote, type ShardResult } from './match-result.ts';
import { dateSchema } from './run.ts';
import { encodeExpectation, encodeLine, expectationSchema, stagedLineSchema } from './shard-rows.ts';
import { lineKinds, lineStatuses } from './statement-line.ts';
import { sideTotalsSchema } from './totals.ts';

const moneyFields = { amount: z.coerce.bigint(), fee: z.coerce.bigint(), currency: currencySchema };

/** Also how differences are stored: amounts come back as bigint from either. */
export const differenceFactsSchema: z.ZodType<DifferenceFacts> = z.object({
  type: z.enum(differenceTypes),
  kind: z.enum(lineKinds),
  key: z.string(),
  paymentId: idSchema('pay').optional(),
  lineNumber: z.coerce.number().optional(),
  ours: z.object({ ...moneyFields, channelOrderNo: z.string(), status: z.enum(['succeeded', 'failed']) }).optional(),
  theirs: z
    .object({
      ...moneyFields,
      ourReference: z.string(),
      channelReference: z.string(),
      status: z.enum(lineStatuses),
      remittance: z.string().optional(),
    })
    .optional(),
  adjustment: z.coerce.bigint(),
  carriedFrom: dateSchema.optional(),
  shownOn: dateSchema.optional(),
});

const completionSchema: z.ZodType<Completion> = z
  .object({ line: stagedLineSchema, expectation: expectationSchema })
  .transform(({ line, expectation }) => ({ paymentId: expectation.paymentId, line, expectation }));

export const completionsSchema = z.array(completionSchema);

export const encodeCompletions = (completions: readonly Completion[]): unknown =>
  completions.map(({ line, expectation }) => ({
    line: JSON.parse(encodeLine(line)),
    expectation: JSON.parse(encodeExpectation(expectation)),
  }));

export const lineNoteSchema: z.ZodType<LineNote> = z.discriminatedUnion('became', [
  z.object({ lineNumber: z.int(), became: z.literal('ignored'), rule: z.enum(ignoredRules) }),
  z.object({
    lineNumber: z.int(),
    became: z.literal('matched'),
    paymentId: idSchema('pay'),
    channelOrderNo: z.string(),
  }),
  z.object({ lineNumber: z.int(), became: z.literal('part'), of: z.int() }),
  z.object({ lineNumber: z.int(), became: z.literal('carried') }),
]);

export const shardResultSchema: z.ZodType<ShardResult> = z.object({
  lines: z.object({
    matched: z.int(),
    differing: z.int(),
    ignored: z.record(z.string(), z.int()),
  }),
  differences: z.array(differenceFactsSchema),
  notes: z.array(lineNoteSchema),
  completions: completionsSchema,
  stillOpen: z.int(),
  theirs: sideTotalsSchema,
  ours: sideTotalsSchema,
  feesDue: z.coerce.bigint(),
  settlements: z.array(stagedLineSchema),
  leftLines: z.array(stagedLineSchema),
  leftExpectations: z.array(expectationSchema),
});

export const encodeShardResult = (result: ShardResult): unknown => ({
  ...result,
  completions: encodeCompletions(result.completions),
  settlements: result.settlements.map((line) => JSON.parse(encodeLine(line))),
  leftLines: result.leftLines.map((line) => JSON.parse(encodeLine(line))),
  leftExpectations: result.leftExpectations.map((row) => JSON.parse(encodeExpectation(row))),
});
