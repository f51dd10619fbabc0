/**
 * What merchants have agreed with card holders, and how a merchant's next orders shall go.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `AGREEMENT#<agreementNo>` | `AGREEMENT` | channel, merchantNo, of, masked, orders (the behaviour's name), state, codeTriesLeft |
 * | `MERCHANT#<channel>#<merchantNo>` | `BEHAVIOURS` | queue: names of behaviours, taken one per order |
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { getItem, type Table, toItem } from '../../kernel/table.ts';
import { merchantSchema, type ServedMerchant } from '../channels-served.ts';
import { putIfNew, updateIf } from '../conditional-update.ts';
import { type OrderBehaviourName, orderBehaviourNames } from '../test-cards.ts';

type Store = { readonly table: Table };

const behaviourNameSchema = z.enum(orderBehaviourNames);
const agreementSchema = merchantSchema.extend({
  agreementNo: z.string(),
  of: z.enum(['card', 'corporate_account']),
  /** all that is kept of the number */
  masked: z.string(),
  orders: behaviourNameSchema,
  /** `awaiting_code` and `refused` are no agreements yet, or never will be */
  state: z.enum(['agreed', 'awaiting_code', 'refused']),
  codeTriesLeft: z.bigint().transform(Number),
});

export type Agreement = z.infer<typeof agreementSchema>;

/** An agreement that is there already stays as it is. @returns the one that is there now */
export async function keepAgreement(store: Store, agreement: Agreement): Promise<Agreement> {
  const item = toItem({ ...agreementKey(agreement.agreementNo), ...agreement });
  return (await putIfNew(store.table, item))
    ? agreement
    : ((await findAgreement(store, agreement.agreementNo)) ?? agreement);
}

/** Moves an agreement that awaits a code on. @returns false where another call did so first. One write unit. */
export const answerCode = (
  { table }: Store,
  agreement: Agreement,
  next: Pick<Agreement, 'state' | 'codeTriesLeft'>,
): Promise<boolean> =>
  updateIf(table, {
    Key: toItem(agreementKey(agreement.agreementNo)),
    UpdateExpression: 'SET #state = :state, codeTriesLeft = :left',
    ConditionExpression: '#state = :awaiting AND codeTriesLeft = :expected',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: toItem({
      ':state': next.state,
      ':left': next.codeTriesLeft,
      ':awaiting': 'awaiting_code',
      ':expected': agreement.codeTriesLeft,
    }),
  });

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

const removeFirst = ({ table }: Store, merchant: ServedMerchant, length: number): Promise<boolean> =>
  updateIf(table, {
    Key: toItem(behavioursKey(merchant)),
    UpdateExpression: 'REMOVE queue[0]',
    ConditionExpression: 'size(queue) = :length',
    ExpressionAttributeValues: toItem({ ':length': length }),
  });

const agreementKey = (agreementNo: string) => ({ pk: `AGREEMENT#${agreementNo}`, sk: 'AGREEMENT' });

const behavioursKey = ({ channel, merchantNo }: ServedMerchant) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'BEHAVIOURS',
});
