import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, maximumAmount, maximumMovedAmount, moneySchema } from '../../kernel/money.ts';
import { defineRoute } from '../../runtime/route.ts';
import { channelIdSchema, productSchema } from '../catalogue.ts';
import { merchantNoSchema } from '../merchant-store.ts';
import { reserveSchema, verdictSchema } from './routing-schemas.ts';

export const explainRoutesRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/routes:explain',
  summary: 'Shows which channels a payment would be sent to at this moment, and why each is taken or left',
  callers: ['operator'],
  query: z.strictObject({
    institutionId: idSchema('inst'),
    product: productSchema,
    amount: z.coerce
      .number()
      .int()
      .min(0)
      .max(Number(maximumMovedAmount))
      .meta({ description: 'minor units', example: 10000 }),
    currency: currencySchema,
    bank: z.string().min(2).max(20).optional().meta({ description: "the binding's unless given", example: 'ICBC' }),
    accountId: idSchema('acct').optional().meta({ description: "whose limits count; the binding's unless given" }),
    bindingId: idSchema('bind')
      .optional()
      .meta({ description: 'whose agreements and limits count; without one, agreements are taken for granted' }),
  }),
  answers: { 200: z.strictObject({ candidates: z.array(verdictSchema) }) },
});

export const listReservesRoute = defineRoute({
  method: 'GET',
  path: '/v1/admin/reserves',
  summary: 'Lists the merchant reserves that payouts are held to, with what is left of each',
  callers: ['operator'],
  answers: { 200: z.strictObject({ items: z.array(reserveSchema) }) },
});

const maximum = Number(maximumAmount);

export const putReserveRoute = defineRoute({
  method: 'PUT',
  path: '/v1/admin/reserves/{channel}/{merchantNo}',
  summary: 'Tells what lies at a channel to pay out of; from then on payouts of the merchant number are held to it',
  callers: ['operator'],
  params: z.object({ channel: channelIdSchema, merchantNo: merchantNoSchema }),
  body: z.strictObject({
    balance: moneySchema.refine(({ amount }) => amount >= 0 && amount <= maximum, {
      path: ['amount'],
      message: 'must be 0 or more',
    }),
    lowWater: z.int().min(0).max(maximum).nullable().optional().meta({
      description: 'minor units; below this it is said to be low. Left out: as it was; null: never',
      example: 5_000_000,
    }),
  }),
  answers: { 200: reserveSchema },
});
