/** What holds and transfers take in and give out alike. */
import * as z from 'zod';
import { money, moneySchema, moneyToJson } from '../kernel/money.ts';
import { maximumDescription } from './posting.ts';
import type { ResultingBalances } from './resulting-balances.ts';

export const wordsSchema = z
  .string()
  .trim()
  .min(1)
  .max(maximumDescription)
  .meta({ description: `words for people, ${maximumDescription} characters at most` });

export const balancesAfterSchema = z
  .array(z.object({ accountId: z.string(), available: moneySchema, frozen: moneySchema }))
  .meta({ description: 'the balances of each account that was moved, right after it' });

export const balancesAnswer = (balances: readonly ResultingBalances[]): z.input<typeof balancesAfterSchema> =>
  balances.map(({ accountId, currency, available, frozen }) => ({
    accountId,
    available: moneyToJson(money(available, currency)),
    frozen: moneyToJson(money(frozen, currency)),
  }));
