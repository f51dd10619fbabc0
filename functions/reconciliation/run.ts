/** The state of an execution: references and a few figures, never rows. Each step adds its own part. */
import * as z from 'zod';
import { parseAccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import type { MatchRules } from './match-rules.ts';
import { rejectionSchema } from './rejection.ts';

/** A calendar day. */
export const dateSchema = z.string().transform((text, context) => {
  const date = parseAccountingDate(text);
  if (date) return date;
  context.addIssue('is no calendar day');
  return z.NEVER;
});

/** One version of one object. */
export const fileSchema = z.object({
  bucket: z.string(),
  key: z.string(),
  versionId: z.string().optional(),
  /** bytes */
  size: z.int(),
  sha256: z.string(),
  /** of the upload that was registered under this name, where this content is another */
  announcedSha256: z.string().optional(),
});

export type StatementFile = z.infer<typeof fileSchema>;

/** What the execution is started with. */
export const runSchema = z.object({
  reconciliationId: idSchema('recon'),
  /** absent where the key could not be read */
  statement: z.object({ channel: z.string(), merchantNo: z.string(), date: dateSchema }).optional(),
  version: z.int(),
  /** 2 and more where an execution that failed could not be redriven */
  attempt: z.int().optional(),
  file: fileSchema,
  /** the state at which such an attempt begins, with what the one before it was handed there; at the first one unless given */
  resumeAt: z.string().optional(),
  /** found by the receiver already: such a file is not looked into */
  rejection: rejectionSchema.optional(),
});

export type Run = z.infer<typeof runSchema>;
export type RunInput = z.input<typeof runSchema>;

export const identifiedSchema = z.object({
  format: z.string(),
  /** the decompressed content */
  content: z.object({ bucket: z.string(), key: z.string(), versionId: z.string().optional(), size: z.int() }),
  /** columns, place of the details and control totals, in the working bucket */
  frameKey: z.string(),
  settlementAccountId: idSchema('acct'),
  institutionId: idSchema('inst'),
  currency: currencySchema,
  /** of the policy as it stood when the file came, so that a repeat of a step goes by the same */
  policy: z.object({
    fees: z.enum(['per_line', 'daily_total']),
    carryOver: z.object({ windowMinutes: z.int(), days: z.int() }),
    unfinishedDay: z.enum(['wait', 'settle']).default('wait'),
  }),
  /** of the channel */
  timeZone: z.string(),
});

export type Identified = z.infer<typeof identifiedSchema>;

export const rulesOf = ({ currency, policy }: Pick<Identified, 'currency' | 'policy'>): MatchRules => ({
  currency,
  fees: policy.fees,
});

const verdict = z.object({ rejection: rejectionSchema.optional() });

/** After Identify: the statement is known, unless it was turned away. */
export const identifiedRunSchema = runSchema.extend({
  statement: z.object({ channel: z.string(), merchantNo: z.string(), date: dateSchema }),
  identified: identifiedSchema,
});

export type IdentifiedRun = z.infer<typeof identifiedRunSchema>;

export const planSchema = z.object({
  /** how many items each map has */
  ranges: z.int(),
  expectationShards: z.int(),
  shards: z.int(),
  /** the maps' items, in the working bucket */
  rangesKey: z.string(),
  expectationShardsKey: z.string(),
  shardsKey: z.string(),
  /** found on the way: Conclude turns the file away */
  rejection: rejectionSchema.optional(),
});

export type Plan = z.infer<typeof planSchema>;

export const plannedRunSchema = identifiedRunSchema.extend({ plan: planSchema });

export type PlannedRun = z.infer<typeof plannedRunSchema>;

/** What Quarantine finds: whichever step turned the statement away. */
export const rejectedRunSchema = runSchema.extend({
  identified: verdict.optional(),
  conclusion: verdict.optional(),
});

export type RejectedRun = z.infer<typeof rejectedRunSchema>;
