/** Open payments, oldest first, from the index `unfinished` that `payment-store.ts` describes. It lags behind by moments. */
import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { PaymentId } from '../../kernel/ids.ts';
import { fromItem, type Table, toItem } from '../../kernel/table.ts';
import { openListOf } from '../payment-store.ts';

/** What the index has of a payment. */
export interface OpenPayment {
  readonly id: PaymentId;
  /** `<createdAt>#<id>`: its place in the list */
  readonly createdKey: string;
  readonly createdAt: Date;
  /** when its history was added to, or it was made */
  readonly changedAt: Date;
  /** until when its payer is waited for */
  readonly expiresAt?: Date;
  readonly channel: string;
  readonly attempt: number;
}

const instant = z.iso.datetime().transform((text) => new Date(text));

const listedSchema = z
  .object({
    pk: z.string().startsWith('PAYMENT#'),
    createdKey: z.string(),
    changedAt: instant,
    expiresAt: instant.exactOptional(),
    channel: z.string(),
    attempt: z.bigint().transform(Number),
  })
  .transform(
    ({ pk, ...listed }): OpenPayment => ({
      ...listed,
      id: pk.slice('PAYMENT#'.length) as PaymentId, // we wrote it
      createdAt: new Date(listed.createdKey.slice(0, listed.createdKey.indexOf('#'))),
    }),
  );

/** Those of a shard that were made before an instant. Half a read unit for some twenty. */
export async function* openPayments(
  table: Table,
  { shard, until, after = ' ' }: { readonly shard: number; readonly until: Date; readonly after?: string | undefined },
): AsyncGenerator<OpenPayment, void> {
  if (after > until.toISOString()) return; // DynamoDB refuses a range whose end comes before its beginning
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: 'unfinished',
        KeyConditionExpression: 'unfinished = :list AND createdKey BETWEEN :after AND :until',
        ExpressionAttributeValues: toItem({
          ':list': openListOf(shard),
          ':after': after,
          ':until': until.toISOString(),
        }),
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) {
      const open = listedSchema.parse(fromItem(item));
      if (open.createdKey !== after) yield open; // both ends are taken in
    }
    start = page.LastEvaluatedKey;
  } while (start);
}
