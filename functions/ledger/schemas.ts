/** What callers are shown of accounts and entries. */
import * as z from 'zod';
import { currencySchema, moneySchema } from '../kernel/money.ts';
import { accountKinds, accountStatuses } from './account.ts';
import { subjects } from './chart-of-accounts.ts';
import { postingTypes } from './posting.ts';

const fees = moneySchema
  .optional()
  .meta({ description: '手续费, what the channel has charged; settlement accounts only' });

const balancesSchema = z.object({
  available: moneySchema.meta({ description: '可用; of a settlement account the same as pending' }),
  frozen: moneySchema.meta({ description: '冻结: put aside for withdrawals that are under way' }),
  pending: moneySchema.optional().meta({ description: '待对账; settlement accounts only' }),
  reconciled: moneySchema.optional().meta({ description: '已对账; settlement accounts only' }),
  fees,
});

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
    overdraft: moneySchema.optional().meta({
      description: '透支额度: how far the available balance may go below 0; of member and institution accounts',
    }),
    slots: z.int().meta({ description: '分槽: chains that share the writes of a hot account' }),
    balances: balancesSchema,
  })
  .meta({ id: 'Account' });

export const balancesThenSchema = z
  .object({
    accountId: z.string().meta({ example: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    at: z.iso.datetime().optional(),
    date: z.iso.date().optional().meta({ description: '会计日: the balances are those of its end' }),
    open: z.boolean().meta({ description: 'whether there was such an account then, and it was not closed' }),
    status: z.enum(accountStatuses).optional().meta({ description: 'absent before the account was opened' }),
    balances: balancesSchema,
  })
  .meta({ id: 'BalancesThen' });

const entryBalancesSchema = z.object({ available: moneySchema, frozen: moneySchema, fees });

export const entrySchema = z
  .object({
    postingId: z.string().meta({ example: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    type: z.enum(postingTypes),
    transactionId: z.string().optional().meta({ description: 'the payment or difference that it is about' }),
    description: z.string().optional(),
    accountingDate: z.iso.date().meta({ description: '会计日' }),
    belongsTo: z.iso.date().optional().meta({ description: 'of a late posting, the earlier day it was meant for' }),
    postedAt: z.iso.datetime(),
    changes: entryBalancesSchema,
    balancesAfter: entryBalancesSchema.meta({ description: 'of the whole account' }),
  })
  .meta({ id: 'Entry' });
