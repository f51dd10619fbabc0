import * as z from 'zod';
import { currencySchema } from '../../../kernel/money.ts';
import { type Limit, limitOwners } from '../configuration.ts';
import { chosenId, defineKind } from './kind.ts';
import { coverageFlaws, coverageOf, minorUnitsSchema, withCoverage } from './parts.ts';

const amountSchema = minorUnitsSchema.positive().optional();

export const limitKind = defineKind({
  id: chosenId,
  schema: withCoverage({
    per: z.enum(limitOwners).meta({ description: 'whose orders are added up: one counter for each' }),
    currency: currencySchema,
    minimum: amountSchema.meta({ description: 'of a single order, in minor units', example: 100 }),
    maximum: amountSchema.meta({ description: 'of a single order', example: 5000000 }),
    daily: amountSchema.meta({ description: 'of all orders of a day', example: 20000000 }),
    monthly: amountSchema.meta({ description: 'of all orders of a calendar month' }),
  })
    .superRefine(({ minimum, maximum, daily, monthly }, context) => {
      const complain = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
      if ([minimum, maximum, daily, monthly].every((amount) => amount === undefined)) {
        complain('maximum', 'one of minimum, maximum, daily and monthly is needed');
      }
      if (minimum !== undefined && maximum !== undefined && maximum < minimum) {
        complain('maximum', 'must not be less than the minimum');
      }
      if (daily !== undefined && minimum !== undefined && daily < minimum) {
        complain('daily', 'must not be less than the minimum');
      }
      if (daily !== undefined && monthly !== undefined && monthly < daily) {
        complain('monthly', 'must not be less than the daily limit');
      }
    })
    .meta({
      id: 'Limit',
      description: '限额 of a channel, bank or product, or of all; every limit that covers an order holds',
    }),
  entity: (id, { per, currency, minimum, maximum, daily, monthly, ...coverage }): Limit => ({
    id,
    ...coverageOf(coverage),
    per,
    currency,
    ...(minimum !== undefined && { minimum: BigInt(minimum) }),
    ...(maximum !== undefined && { maximum: BigInt(maximum) }),
    ...(daily !== undefined && { daily: BigInt(daily) }),
    ...(monthly !== undefined && { monthly: BigInt(monthly) }),
  }),
  flaws: (covered, { configuration }) => coverageFlaws(covered, configuration),
});
