import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema, maximumMovedAmount } from '../kernel/money.ts';
import { pageSchema, pageWithin } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { accountStatuses, maximumSlots } from './account.ts';
import { accountChangeSchema } from './account-change-schemas.ts';
import { wordsSchema } from './movement-schemas.ts';
import { accountSchema } from './schemas.ts';

const accountParams = z.object({ id: idSchema('acct') });

const limitSchema = z.strictObject({
  amount: z
    .int()
    .nonnegative()
    .max(Number(maximumMovedAmount))
    .meta({ description: 'minor units that the balance may go below 0; 0 for no overdraft' }),
  currency: currencySchema,
});

export const changeAccountRoute = defineRoute({
  method: 'POST',
  path: '/v1/accounts/{id}/changes',
  summary: "Changes an account's state, overdraft or slots, one at a time; institutions change their members' states",
  callers: ['institution', 'operator'],
  params: accountParams,
  body: z
    .strictObject({
      status: z
        .enum(accountStatuses)
        .optional()
        .meta({ description: 'closed needs an empty account; only operators reopen one, as blocked' }),
      overdraft: limitSchema.optional(),
      slots: z
        .int()
        .min(1)
        .max(maximumSlots)
        .optional()
        .meta({ description: 'chains that share the writes of a hot account; they only rise' }),
      reason: wordsSchema,
    })
    .refine(
      ({ status, overdraft, slots }) => [status, overdraft, slots].filter((each) => each !== undefined).length === 1,
      {
        message: 'needs one of status, overdraft and slots',
      },
    ),
  answers: { 200: accountSchema },
});

export const listAccountChangesRoute = defineRoute({
  method: 'GET',
  path: '/v1/accounts/{id}/changes',
  summary: 'Lists what was changed of an account, by whom, when and why, newest first',
  callers: ['institution', 'operator'],
  params: accountParams,
  query: z.object({
    ...pageWithin(/^[1-9]\d{0,11}$/),
  }),
  answers: { 200: pageSchema(accountChangeSchema) },
});
