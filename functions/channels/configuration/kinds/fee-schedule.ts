/** A fee schedule over HTTP: versions by date, tiers by amount, everything in whole minor units. */
import * as z from 'zod';
import { parseAccountingDate } from '../../../kernel/clock.ts';
import type { Fee, FeeSchedule } from '../../fees.ts';
import { minorUnitsSchema } from './parts.ts';

const tierSchema = z.strictObject({
  upTo: minorUnitsSchema
    .positive()
    .optional()
    .meta({ description: 'the largest amount that the tier is for; the last tier has none and takes all others' }),
  flat: minorUnitsSchema.meta({ description: 'for each order', example: 30 }),
  basisPoints: z
    .int()
    .min(0)
    .max(10_000)
    .meta({ description: 'hundredths of a percent of the whole amount', example: 60 }),
});

const versionSchema = z
  .strictObject({
    from: z.iso.date().meta({ description: 'the first day on which it holds', example: '2026-01-01' }),
    tiers: z.array(tierSchema).min(1).max(20),
    minimum: minorUnitsSchema.optional(),
    maximum: minorUnitsSchema.optional(),
  })
  .superRefine(({ tiers, minimum, maximum }, context) => {
    if (minimum !== undefined && maximum !== undefined && maximum < minimum) {
      context.addIssue({ code: 'custom', path: ['maximum'], message: 'must not be less than the minimum' });
    }
    for (const [index, { upTo }] of tiers.entries()) {
      const complain = (message: string) =>
        context.addIssue({ code: 'custom', path: ['tiers', index, 'upTo'], message });
      const before = tiers[index - 1]?.upTo;
      const last = index === tiers.length - 1;
      if (last && upTo !== undefined) complain('must be left out of the last tier, which takes all other amounts');
      if (!last && upTo === undefined) complain('may be left out of the last tier only');
      if (upTo !== undefined && before !== undefined && upTo <= before) complain('overlaps the tier before it');
    }
  });

export const feeScheduleSchema = z
  .array(versionSchema)
  .min(1)
  .max(50)
  .superRefine((versions, context) => {
    for (const [index, { from }] of versions.entries()) {
      const before = versions[index - 1]?.from;
      if (before === undefined || before < from) continue;
      context.addIssue({
        code: 'custom',
        path: [index, 'from'],
        message: 'must be later than that of the version before',
      });
    }
  })
  .meta({
    id: 'FeeSchedule',
    description: 'Versions by date, each with tiers by amount; nothing is charged before the first one',
    example: [{ from: '2026-01-01', tiers: [{ flat: 0, basisPoints: 60 }], minimum: 10, maximum: 5000 }],
  });

/** @throws RangeError for a date that is none, which the schema refuses */
export const feeScheduleOf = (versions: z.infer<typeof feeScheduleSchema>): FeeSchedule =>
  versions.map(({ from, tiers, minimum, maximum }) => {
    const day = parseAccountingDate(from);
    if (day === undefined) throw new RangeError(`${from} is no day`);
    const fee: Fee = {
      tiers: tiers.map(({ upTo, flat, basisPoints }) => ({
        ...(upTo !== undefined && { upTo: BigInt(upTo) }),
        flat: BigInt(flat),
        basisPoints: BigInt(basisPoints),
      })),
      ...(minimum !== undefined && { minimum: BigInt(minimum) }),
      ...(maximum !== undefined && { maximum: BigInt(maximum) }),
    };
    return { from: day, fee };
  });

/** The other way, for what is built in. */
export const feeScheduleJson = (schedule: FeeSchedule): z.infer<typeof feeScheduleSchema> =>
  schedule.map(({ from, fee: { tiers, minimum, maximum } }) => ({
    from,
    tiers: tiers.map(({ upTo, flat, basisPoints }) => ({
      ...(upTo !== undefined && { upTo: Number(upTo) }),
      flat: Number(flat),
      basisPoints: Number(basisPoints),
    })),
    ...(minimum !== undefined && { minimum: Number(minimum) }),
    ...(maximum !== undefined && { maximum: Number(maximum) }),
  }));
