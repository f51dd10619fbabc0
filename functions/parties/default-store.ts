/**
 * Which of an account's bindings is its default. Every binding that becomes active or ends touches this item, so that
 * those who race for it meet.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MEMBER#<accountId>` | `DEFAULT` | bindingId, absent where none is active; version |
 */
import * as z from 'zod';
import { type AccountId, type BindingId, idSchema } from '../kernel/ids.ts';
import { getItem, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Parties } from './parties.ts';

export interface DefaultBinding {
  readonly bindingId?: BindingId | undefined;
  readonly version: number;
}

const itemSchema = z.object({ bindingId: idSchema('bind').optional(), version: z.coerce.number() });

const defaultKey = (accountId: AccountId) => ({ pk: `MEMBER#${accountId}`, sk: 'DEFAULT' });

/** 1 read unit. */
export async function findDefault({ table }: Parties, accountId: AccountId): Promise<DefaultBinding> {
  const item = await getItem(table, defaultKey(accountId));
  return item ? itemSchema.parse(item) : { version: 0 };
}

/** Broken where another binding of the account has become active, ended or been made the default in the meantime. */
export const defaultWrite = (
  { table }: Parties,
  accountId: AccountId,
  { from, to }: { readonly from: DefaultBinding; readonly to: BindingId | undefined },
): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...defaultKey(accountId), bindingId: to, version: from.version + 1 }),
      ...(from.version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'version = :version',
            ExpressionAttributeValues: toItem({ ':version': from.version }),
          }),
    },
  });
