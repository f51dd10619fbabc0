/** `ACCOUNT#<id>` / `ACCOUNT`: an account's facts. Written once, never changed. */
import * as z from 'zod';
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import { getItem, type Item, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import { type Account, accountKinds, type NewAccount } from './account.ts';
import type { Accounts } from './book-posting.ts';
import { subjects } from './chart-of-accounts.ts';

const accountSchema = z.object({
  id: z.string().transform((id) => id as AccountId), // we wrote it
  kind: z.enum(accountKinds),
  subject: z.enum(subjects),
  currency: currencySchema,
  institutionId: z
    .string()
    .transform((id) => id as InstitutionId) // we wrote it
    .optional(),
  floor: z.bigint().nullable(),
  slots: z.bigint().transform(Number),
  openedAt: z.iso.datetime().transform((text) => new Date(text)),
});

export const accountSortKey = 'ACCOUNT';
const accountKey = (id: AccountId) => ({ pk: `ACCOUNT#${id}`, sk: accountSortKey });

/** Opens an account unless one of that id stands: 2 write units. */
export const putAccount = (table: Table, account: NewAccount): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...accountKey(account.id), ...account, openedAt: account.openedAt.toISOString() }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** 1 read unit. */
export async function getAccount(table: Table, id: AccountId): Promise<Account | undefined> {
  const item = await getItem(table, accountKey(id));
  return item && accountFromItem(item);
}

/** Those of the accounts that exist, read side by side: 1 read unit each. */
export async function getAccounts(table: Table, ids: readonly AccountId[]): Promise<Accounts> {
  const found = await Promise.all(ids.map((id) => getAccount(table, id)));
  return new Map(found.flatMap((account) => (account ? [[account.id, account]] : [])));
}

export function accountFromItem(item: Item): Account {
  const { institutionId, ...facts } = accountSchema.parse(item);
  return { ...facts, ...(institutionId !== undefined && { institutionId }) };
}
