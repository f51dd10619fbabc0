/** What merchants and control calls send, as far as several operations share it. */
import * as z from 'zod';
import { currencySchema } from '../../kernel/money.ts';
import { merchantSchema } from '../channels-served.ts';

export const orderNoSchema = z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'must be 1 to 32 letters and digits');

export const moneyFields = {
  amount: z
    .int()
    .positive()
    .transform((amount) => BigInt(amount)),
  currency: currencySchema,
};

export const instantSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const merchantOrderSchema = merchantSchema.extend({ channelOrderNo: orderNoSchema });

/** Where browsers and callbacks go. */
export const httpUrlSchema = z.url({ protocol: /^https?$/ }).max(2_000);
