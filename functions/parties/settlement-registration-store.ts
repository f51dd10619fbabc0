/**
 * Which operation registered a settlement account, so that a retry of it recognises its own work.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `SETTLEMENT#<accountId>` | `SETTLEMENT` | operationId |
 */
import * as z from 'zod';
import type { AccountId } from '../kernel/ids.ts';
import { getItem, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Parties } from './parties.ts';

const registrationSchema = z.object({ operationId: z.string() });

const registrationKey = (accountId: AccountId) => ({ pk: `SETTLEMENT#${accountId}`, sk: 'SETTLEMENT' });

/** 1 read unit. */
export async function findRegistration({ table }: Parties, accountId: AccountId) {
  const item = await getItem(table, registrationKey(accountId));
  return item && registrationSchema.parse(item);
}

export const registrationWrite = (
  { table }: Parties,
  { accountId, operationId }: { readonly accountId: AccountId; readonly operationId: string },
): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...registrationKey(accountId), operationId }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });
