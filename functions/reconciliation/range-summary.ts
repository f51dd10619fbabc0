/** What a byte range leaves for Conclude. */
import * as z from 'zod';
import { addIgnored } from './match-result.ts';

/**
 * Of a file: each is shown with its text, and whoever reads or gathers them holds 50 MB at most. A file with more of them is turned away,
 * which keeps it whole.
 */
export const mostLineErrors = 20_000;

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
  /** further line errors, that passed the number of those that are kept */
  moreErrors: z.int(),
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
  const errors = ranges.flatMap((range) => range.errors);
  const total = (count: (range: StagedRange) => number) => ranges.reduce((sum, range) => sum + count(range), 0);
  return {
    read: total(({ read }) => read),
    ofMerchant: total(({ ofMerchant }) => ofMerchant),
    ofOthers: total(({ ofOthers }) => ofOthers),
    ofDay: total(({ ofDay }) => ofDay),
    ofOtherDays: total(({ ofOtherDays }) => ofOtherDays),
    ignored: ranges.reduce((sum, { ignored }) => addIgnored(sum, ignored), {}),
    errors: errors.slice(0, mostLineErrors),
    moreErrors: total(({ moreErrors }) => moreErrors) + Math.max(0, errors.length - mostLineErrors),
    sums,
    wrongEncoding: ranges.some(({ wrongEncoding }) => wrongEncoding),
  };
}
