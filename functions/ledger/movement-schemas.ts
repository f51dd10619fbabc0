/** What holds and transfers take in and give out alike. */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { money, moneySchema, moneyToJson } from '../kernel/money.ts';
import { pageWithin } from '../kernel/page.ts';
import { maximumDescription } from './posting.ts';
import type { ResultingBalances } from './resulting-balances.ts';

/** With more, an entry or a posting beside the longest of all else would pass the KiB that a write is charged by. */
const maximumBytes = 240;

export const wordsSchema = z
  .string()
  .trim()
  .min(1)
  .max(maximumDescription)
  .regex(/^[^\r\n\t]*$/, 'must be one line')
  .refine((words) => Buffer.byteLength(words) <= maximumBytes, `has more than ${maximumBytes} bytes in UTF-8`)
  .meta({
    description: `words for people: ${maximumDescription} characters at most, ${maximumBytes / 3} where all are Chinese`,
  });

export const balancesAfterSchema = z
  .array(z.object({ accountId: z.string(), available: moneySchema, frozen: moneySchema }))
  .meta({ description: 'the balances of each account that was moved, right after it' });

export const balancesAnswer = (balances: readonly ResultingBalances[]): z.input<typeof balancesAfterSchema> =>
  balances.map(({ accountId, currency, available, frozen }) => ({
    accountId,
    available: moneyToJson(money(available, currency)),
    frozen: moneyToJson(money(frozen, currency)),
  }));

/** The query of a list by time; a place there is an instant and an id. */
export const listingQuery = {
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#(post|hold)_[0-9A-Z]{26}$/),
  institutionId: idSchema('inst').optional().meta({ description: 'needed by operators; an institution sees its own' }),
};
