/** What callers are shown of accounts and entries. */
import * as z from 'zod';
import { currencySchema, moneySchema } from '../kernel/money.ts';
import { accountKinds, accountStatuses } from './account.ts';
import { subjects } from './chart-of-accounts.ts';
import { postingTypes } from './posting.ts';

export const accountSchema = z
  .object({
    id: z.string().meta({ example: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.enum(accountKinds),
    subject: z.object({
      code: z.enum(subjects),
      name: z.string().meta({ example: 'Member deposits' }),
      nameZh: z.string().meta({ example: '会员存款' }),
      normalSide: z.enum(['debit', 'credit']).meta({ description: 'the side on which balances are positive' }),
    }),
    currency: currencySchema,
    institutionId: z.string().optional().meta({ example: 'inst_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    status: z.enum(accountStatuses),
    openedAt: z.iso.datetime(),
    balances: z.object({
      available: moneySchema.meta({ description: '可用; of a settlement account the same as pending' }),
      frozen: moneySchema.meta({ description: '冻结: put aside for withdrawals that are under way' }),
      pending: moneySchema.optional().meta({ description: '待对账; settlement accounts only' }),
      reconciled: moneySchema.optional().meta({ description: '已对账; settlement accounts only' }),
      fees: moneySchema.optional().meta({ description: '手续费, what the channel has charged; settlement accounts only' }),
    }),
  })
  .meta({ id: 'Account' });

export const entrySchema = z
  .object({
    postingId: z.string().meta({ example: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    type: z.enum(postingTypes),
    transactionId: z.string().optional().meta({ description: 'the payment or difference that it is about' }),
    description: z.string().optional(),
    accountingDate: z.iso.date().meta({ description: '会计日' }),
    belongsTo: z.iso.date().optional().meta({ description: 'of a late posting, the earlier day it was meant for' }),
    postedAt: z.iso.datetime(),
    changes: z.object({ available: moneySchema, frozen: moneySchema }),
    balancesAfter: z.object({ available: moneySchema, frozen: moneySchema }),
  })
  .meta({ id: 'Entry' });

/** A cursor of an entries list: each chain's next number, such as `17` or, for an account of three slots, `17.0.4`. */
export const entriesCursorPattern = /^\d{1,12}(\.\d{1,12}){0,31}$/;
