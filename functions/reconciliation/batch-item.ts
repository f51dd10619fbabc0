/** A batch as an item of the table, and back. */
import * as z from 'zod';
import type { Signature } from '../kernel/caller.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import type { Item } from '../kernel/table.ts';
import type { Batch, Conclusion } from './batch.ts';
import { batchStatuses } from './batch-status.ts';
import { type DifferenceType, differenceTypes } from './difference-types.ts';
import { gateObstacles } from './gate-obstacles.ts';
import { controlMismatchSchema, rejectionSchema } from './rejection.ts';
import { isUnreadable, type Series } from './statement-key.ts';
import { sideTotalsSchema } from './totals.ts';

const listKeyOf = ({ series, version, receivedAt }: Batch): string =>
  isUnreadable(series)
    ? `${receivedAt.toISOString().slice(0, 10)}#unreadable#${series.unreadableKey}#${version}`
    : `${series.date}#${series.channel}#${series.merchantNo}#${version.toString().padStart(6, '0')}`;

export const batchItem = (batch: Batch): Item => {
  const { series, receivedAt, dueAt, ...facts } = batch;
  return {
    ...facts,
    ...(isUnreadable(series) ? { unreadableKey: series.unreadableKey } : series),
    receivedAt: receivedAt.toISOString(),
    dueAt: dueAt?.toISOString(),
    listing: 'all',
    listKey: listKeyOf(batch),
  };
};

export const isBatchItem = (item: Item): boolean => item['sk'] === 'BATCH';

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.coerce.number();

const conclusionSchema: z.ZodType<Conclusion> = z.object({
  lines: z.object({
    read: count,
    matched: count,
    differing: count,
    errors: count,
    carriedIn: count.default(0),
    carriedOut: count.default(0),
    ignored: z.record(z.string(), count),
  }),
  differences: z.object(
    Object.fromEntries(differenceTypes.map((type) => [type, z.object({ count, adjustment: z.bigint() })])) as Record<
      DifferenceType,
      z.ZodObject<{ count: typeof count; adjustment: z.ZodBigInt }>
    >, // fromEntries forgets the keys
  ),
  completed: count,
  stillOpen: count,
  theirs: sideTotalsSchema,
  ours: sideTotalsSchema,
  control: z.object({
    lines: count.optional(),
    tied: z.boolean(),
    otherDays: count,
    mismatches: z.array(controlMismatchSchema).optional(),
  }),
});

const batchSchema = z
  .object({
    id: idSchema('recon'),
    channel: z.string().optional(),
    merchantNo: z.string().optional(),
    date: z.string().optional(),
    unreadableKey: z.string().optional(),
    version: count,
    status: z.enum(batchStatuses),
    executionName: z.string(),
    attempt: count.optional(),
    redrives: count.optional(),
    file: z.object({
      bucket: z.string(),
      key: z.string(),
      versionId: z.string().optional(),
      size: count,
      sha256: z.string(),
      announcedSha256: z.string().optional(),
    }),
    receivedAt: instant,
    dueAt: instant.optional(),
    lateSeconds: count.optional(),
    postingSince: instant.optional(),
    cancellation: z
      .object({
        by: z.string().transform((text) => text as Signature), // our own store wrote it
        at: instant,
        reason: z.string(),
      })
      .optional(),
    supersedes: idSchema('recon').optional(),
    supersededBy: idSchema('recon').optional(),
    institutionId: idSchema('inst').optional(),
    settlementAccountId: idSchema('acct').optional(),
    currency: currencySchema.optional(),
    format: z.string().optional(),
    archive: z.object({ read: z.array(z.string()), passedOver: z.array(z.string()) }).optional(),
    rejection: rejectionSchema.extend({ quarantineKey: z.string().optional() }).optional(),
    conclusion: conclusionSchema.optional(),
    settlement: z
      .object({
        settledAt: instant,
        accountingDate: z.string().transform((text) => text as AccountingDate), // our own store wrote it
        net: z.bigint(),
        postingId: idSchema('post').optional(),
        fileVersionId: z.string().optional(),
        sha256: z.string(),
        proof: z.object({
          bucket: z.string(),
          key: z.string(),
          versionId: z.string().optional(),
          sha256: z.string(),
        }),
      })
      .optional(),
    obstacles: z.array(z.enum(gateObstacles)).optional(),
    settlementReversal: z
      .object({
        reversedAt: instant,
        postingId: idSchema('post').optional(),
        byVersion: count.optional(),
        byDifference: idSchema('diff').optional(),
      })
      .optional(),
    rerunOf: idSchema('recon').optional(),
    startedBy: z.string().optional(),
    finishedAt: instant.optional(),
    reports: z.object({ rows: count, feeRows: count }).optional(),
  })
  .transform(({ channel, merchantNo, date, unreadableKey, ...facts }): Batch => {
    const readable = channel !== undefined && merchantNo !== undefined && date !== undefined;
    const series: Series = readable
      ? { channel, merchantNo, date: date as AccountingDate } // our own store wrote it
      : { unreadableKey: unreadableKey ?? '' };
    return { ...facts, series };
  });

export const batchFromItem = (item: Item): Batch => batchSchema.parse(item);
