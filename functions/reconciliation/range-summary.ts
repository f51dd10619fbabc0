/** What a byte range leaves for Conclude. */
import * as z from 'zod';
import { addIgnored } from './match-result.ts';

export const lineErrorsSchema = z.array(z.object({ lineNumber: z.int(), reason: z.string(), raw: z.string() }));

export const rangeSummarySchema = z.object({
  /** lines that are not blank */
  read: z.int(),
  /** lines of the statement's merchant, and readable ones of others */
  ofMerchant: z.int(),
  ofOthers: z.int(),
  /** lines whose time lies in the statement's day, and outside; refunds aside */
  ofDay: z.int(),
  ofOtherDays: z.int(),
  errors: lineErrorsSchema,
  /** lines that the format itself knows to move no money, by the rule's name */
  ignored: z.record(z.string(), z.int()),
  /** as in the file's control totals: in hundred-thousandths, by the file's own name of the figure */
  sums: z.record(z.string(), z.coerce.bigint()),
});

export type RangeSummary = z.infer<typeof rangeSummarySchema>;

export const stagedRangeSchema = rangeSummarySchema.extend({ wrongEncoding: z.boolean() });

export type StagedRange = z.infer<typeof stagedRangeSchema>;

/** The whole file from its ranges. */
export function mergeRanges(ranges: readonly StagedRange[]): StagedRange {
  const sums: Record<string, bigint> = {};
  for (const range of ranges) {
    for (const [name, amount] of Object.entries(range.sums)) sums[name] = (sums[name] ?? 0n) + amount;
  }
  const total = (count: (range: StagedRange) => number) => ranges.reduce((sum, range) => sum + count(range), 0);
  return {
    read: total(({ read }) => read),
    ofMerchant: total(({ ofMerchant }) => ofMerchant),
    ofOthers: total(({ ofOthers }) => ofOthers),
    ofDay: total(({ ofDay }) => ofDay),
    ofOtherDays: total(({ ofOtherDays }) => ofOtherDays),
    ignored: ranges.reduce((sum, { ignored }) => addIgnored(sum, ignored), {}),
    errors: ranges.flatMap(({ errors }) => errors),
    sums,
    wrongEncoding: ranges.some(({ wrongEncoding }) => wrongEncoding),
  };
}
