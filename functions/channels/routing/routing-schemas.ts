/** How routing and merchant reserves are shown to operators. */
import * as z from 'zod';
import { type Money, moneySchema, moneyToJson } from '../../kernel/money.ts';
import { limitOwners, limitPeriods } from '../configuration/configuration.ts';
import { leftReasons, type Observed, type Verdict } from './route.ts';
import type { ReserveLevel } from './tell-reserve.ts';

const observedSchema = z.strictObject({
  successRate: z.number().meta({ description: 'of the last minutes, drawn towards 0.95 while few orders were seen' }),
  orders: z.int().meta({ description: 'orders of the last minutes that said something about the channel' }),
  circuit: z.enum(['closed', 'open', 'half_open']),
  cost: moneySchema.meta({ description: 'what the channel is expected to charge' }),
  limits: z.array(
    z.strictObject({
      limit: z.string(),
      per: z.enum(limitOwners),
      period: z.enum(limitPeriods),
      total: moneySchema,
      left: moneySchema,
    }),
  ),
  reserve: z
    .strictObject({ left: moneySchema, toldAt: z.iso.datetime() })
    .nullable()
    .meta({ description: 'the merchant reserve that a payout would be paid out of; null where none is kept' }),
});

export const verdictSchema = z
  .strictObject({
    channel: z.string(),
    merchantNo: z.string(),
    priority: z.int(),
    verdict: z.enum(['taken', 'left']),
    rank: z.int().nullable().meta({ description: '1 for the first that would be asked; null for one that is left' }),
    probe: z.boolean().meta({ description: 'asked first, to learn whether its circuit can be closed' }),
    expectedValue: z
      .number()
      .nullable()
      .meta({ description: 'success rate × (amount − cost), in minor units: an estimate to compare by' }),
    reason: z.enum(leftReasons).nullable().meta({ description: 'why it is left' }),
    detail: z.string().nullable(),
    observed: observedSchema.nullable().meta({ description: 'null for one that is left by what operators decided' }),
  })
  .meta({ id: 'RoutingVerdict' });

export const verdictAnswer = (verdict: Verdict): z.infer<typeof verdictSchema> => {
  const { channel, merchantNo, priority, observed } = verdict;
  const place = { channel, merchantNo, priority, observed: observed ? observedAnswer(observed) : null };
  return verdict.verdict === 'taken'
    ? {
        ...place,
        verdict: 'taken',
        rank: verdict.rank,
        probe: verdict.probe,
        expectedValue: verdict.expectedValue,
        reason: null,
        detail: null,
      }
    : {
        ...place,
        verdict: 'left',
        rank: null,
        probe: false,
        expectedValue: null,
        reason: verdict.reason,
        detail: verdict.detail,
      };
};

const observedAnswer = ({ limits, reserve, cost, ...facts }: Observed) => ({
  ...facts,
  cost: moneyToJson(cost),
  limits: limits.map(({ total, left, ...limit }) => ({ ...limit, total: moneyToJson(total), left: moneyToJson(left) })),
  reserve: reserve ? { left: moneyToJson(reserve.left), toldAt: reserve.toldAt.toISOString() } : null,
});

export const reserveSchema = z
  .strictObject({
    channel: z.string(),
    merchantNo: z.string(),
    balance: moneySchema.meta({ description: 'as it was told last' }),
    left: moneySchema.meta({ description: 'less what payouts have taken since' }),
    lowWater: moneySchema.nullable().meta({ description: 'below this it is said to be low' }),
    toldAt: z.iso.datetime(),
    toldBy: z.string().meta({ description: 'client id of an operator, or `channel`' }),
  })
  .meta({ id: 'MerchantReserve' });

export const reserveAnswer = ({ reserve, left }: ReserveLevel): z.infer<typeof reserveSchema> => {
  const { channel, merchantNo, balance, lowWater, toldAt, toldBy } = reserve;
  const { currency } = balance;
  const low: Money | undefined = lowWater === undefined ? undefined : { amount: lowWater, currency };
  return {
    channel,
    merchantNo,
    balance: moneyToJson(balance),
    left: moneyToJson(left),
    lowWater: low ? moneyToJson(low) : null,
    toldAt: toldAt.toISOString(),
    toldBy,
  };
};
