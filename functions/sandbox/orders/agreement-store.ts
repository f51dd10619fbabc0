/**
 * What merchants have agreed with card holders, and how a merchant's next orders shall go.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `AGREEMENT#<agreementNo>` | `AGREEMENT` | channel, merchantNo, cardMasked, orders (the behaviour's name) |
 * | `MERCHANT#<channel>#<merchantNo>` | `BEHAVIOURS` | queue: names of behaviours, taken one per order |
 */
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { getItem, isConditionFailed, type Table, toItem } from '../../kernel/table.ts';
import { merchantSchema, type ServedMerchant } from '../channels-served.ts';
import { type OrderBehaviourName, orderBehaviourNames } from '../test-cards.ts';

type Store = { readonly table: Table };

const behaviourNameSchema = z.enum(orderBehaviourNames);
const agreementSchema = merchantSchema.extend({
  agreementNo: z.string(),
  cardMasked: z.string(),
  orders: behaviourNameSchema,
});

export type Agreement = z.infer<typeof agreementSchema>;

/** An agreement that is there already stays as it is. */
export async function keepAgreement({ table }: Store, agreement: Agreement): Promise<void> {
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: toItem({ ...agreementKey(agreement.agreementNo), ...agreement }),
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
  }
}

export async function findAgreement({ table }: Store, agreementNo: string): Promise<Agreement | undefined> {
  const item = await getItem(table, agreementKey(agreementNo));
  return item && agreementSchema.parse(item);
}

/** Replaces what was queued before. */
export async function queueBehaviours(
  { table }: Store,
  merchant: ServedMerchant,
  queue: readonly OrderBehaviourName[],
): Promise<void> {
  const item = toItem({ ...behavioursKey(merchant), queue });
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: item }));
}

const queueSchema = z.object({ queue: z.array(behaviourNameSchema) });

/** Takes the first of the queue; orders that come at once take one each. One read unit while the queue is empty. */
export async function takeBehaviour(store: Store, merchant: ServedMerchant): Promise<OrderBehaviourName | undefined> {
  for (;;) {
    const item = await getItem(store.table, behavioursKey(merchant));
    const queue = item ? queueSchema.parse(item).queue : [];
    const [first] = queue;
    if (first === undefined || (await removeFirst(store, merchant, queue.length))) return first;
  }
}

async function removeFirst({ table }: Store, merchant: ServedMerchant, length: number): Promise<boolean> {
  try {
    await table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: toItem(behavioursKey(merchant)),
        UpdateExpression: 'REMOVE queue[0]',
        ConditionExpression: 'size(queue) = :length',
        ExpressionAttributeValues: toItem({ ':length': length }),
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

const agreementKey = (agreementNo: string) => ({ pk: `AGREEMENT#${agreementNo}`, sk: 'AGREEMENT' });

const behavioursKey = ({ channel, merchantNo }: ServedMerchant) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'BEHAVIOURS',
});
