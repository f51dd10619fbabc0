/**
 * 备付金: what a merchant may pay out of. Without an item its reserve has no end.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MERCHANT#<channel>#<merchantNo>` | `RESERVE` | amount, currency |
 */
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { currencySchema, type Money } from '../../kernel/money.ts';
import { getItem, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import type { ServedMerchant } from '../channels-served.ts';

type Store = { readonly table: Table };

const reserveSchema = z.object({ amount: z.bigint(), currency: currencySchema });

export async function findReserve({ table }: Store, merchant: ServedMerchant): Promise<Money | undefined> {
  const item = await getItem(table, reserveKey(merchant));
  return item && reserveSchema.parse(item);
}

/** @param reserve undefined for one without an end */
export async function setReserve({ table }: Store, merchant: ServedMerchant, reserve?: Money): Promise<void> {
  const key = reserveKey(merchant);
  if (reserve) {
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: toItem({ ...key, ...reserve }) }));
  } else {
    await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: toItem(key) }));
  }
}

/** Moves a reserve that has an end; broken where less is left than is taken, or in another currency. */
export const moveReserve = ({ table }: Store, merchant: ServedMerchant, by: Money): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem(reserveKey(merchant)),
      UpdateExpression: 'SET amount = amount + :by',
      ConditionExpression: 'currency = :currency AND amount >= :needed',
      ExpressionAttributeValues: toItem({
        ':by': by.amount,
        ':currency': by.currency,
        ':needed': by.amount < 0n ? -by.amount : 0n,
      }),
    },
  });

const reserveKey = ({ channel, merchantNo }: ServedMerchant) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'RESERVE',
});
