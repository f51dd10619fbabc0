/** Everything in the table that is sealed, whatever it belongs to. */
import { type AttributeValue, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { conditionHolds, fromItem, type Key, toItem } from '../kernel/table.ts';
import type { Parties } from './parties.ts';
import { type Sealed, type SealingContext, sealedSchema } from './personal-data.ts';

export interface SealedItem {
  readonly key: Key;
  /** what it was sealed as */
  readonly context: SealingContext;
  readonly sealed: Sealed;
}

export interface SealedPage {
  readonly items: readonly SealedItem[];
  /** where the next page begins; absent at the end */
  readonly next?: Key | undefined;
}

const kinds = { BINDING: 'card-binding', MEMBER: 'member', VERIFICATION: 'verification' } as const;

const sealedItemSchema = z
  .object({ pk: z.string(), sk: z.enum(['BINDING', 'MEMBER', 'VERIFICATION']), sealed: sealedSchema })
  .transform(({ pk, sk, sealed }): SealedItem => {
    const id = pk.slice(pk.indexOf('#') + 1);
    return { key: { pk, sk }, context: { kind: kinds[sk], id }, sealed };
  });

const keySchema = z.object({ pk: z.string(), sk: z.string() });

/** A page of the table's own order. Half a read unit per 4 KiB of the table, sealed or not. */
export async function scanSealed({ table }: Parties, after: Key | undefined, pageSize: number): Promise<SealedPage> {
  const { Items: found = [], LastEvaluatedKey: last } = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      FilterExpression: 'attribute_exists(sealed)',
      ProjectionExpression: 'pk, sk, sealed',
      Limit: pageSize,
      ExclusiveStartKey: after && (toItem(after) as Record<string, AttributeValue>),
    }),
  );
  return {
    items: found.map((item) => sealedItemSchema.parse(fromItem(item))),
    next: last && keySchema.parse(fromItem(last)),
  };
}

/** @returns false where it was sealed anew, or forgotten, in the meantime */
export async function replaceSealed(
  { table }: Parties,
  { key, sealed: from }: SealedItem,
  to: Sealed,
): Promise<boolean> {
  return conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(key),
        UpdateExpression: 'SET sealed = :to',
        ConditionExpression: 'sealed.iv = :iv',
        ExpressionAttributeValues: toItem({ ':to': to, ':iv': from.iv }),
      }),
    ),
  );
}
