/** The few DynamoDB calls that stores make besides transactions, in plain values instead of attribute maps. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** A table and the client that reaches it. */
export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly name: string;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Record<string, unknown>;

/** Amounts are bigint on both sides; undefined attributes are left out. */
export const toItem = (item: object): Record<string, AttributeValue> =>
  marshall(item, { removeUndefinedValues: true, convertClassInstanceToMap: false });

/** All numbers come back as bigint, so that no amount ever passes through a float: stores convert counters themselves. */
export const fromItem = (item: Record<string, AttributeValue>): Item =>
  unmarshall(item, { wrapNumbers: (text) => BigInt(text) });

/** A strongly consistent read: 1 read unit per 4 KiB. */
export async function getItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item: found } = await table.client.send(
    new GetItemCommand({ TableName: table.name, Key: toItem(key), ConsistentRead: true }),
  );
  return found && fromItem(found);
}

export interface QueryRequest {
  readonly index?: string;
  /** such as `pk = :pk AND sk > :after`; a word that DynamoDB reserves goes through `names` */
  readonly keys: string;
  readonly filter?: string;
  readonly names?: Record<string, string>;
  readonly values: Item;
  readonly limit?: number;
  readonly newestFirst?: boolean;
}

/** Strongly consistent on the table itself, eventually on an index. Half a read unit per 4 KiB on an index, one else. */
export async function queryItems(table: Table, request: QueryRequest): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        IndexName: request.index,
        KeyConditionExpression: request.keys,
        FilterExpression: request.filter,
        ExpressionAttributeNames: request.names,
        ExpressionAttributeValues: toItem(request.values),
        ScanIndexForward: !request.newestFirst,
        ConsistentRead: request.index === undefined,
        Limit: request.limit === undefined ? undefined : request.limit - items.length,
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? []) items.push(fromItem(item));
    start = page.LastEvaluatedKey;
  } while (start && (request.limit === undefined || items.length < request.limit));
  return items;
}

export const isConditionFailed = (error: unknown): error is ConditionalCheckFailedException =>
  error instanceof ConditionalCheckFailedException;

/** Waits for a conditional write. @returns false where its condition did not hold, and nothing was written */
export async function conditionHolds(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Puts an item on a condition. @returns false where it does not hold */
export const putIf = ({ client }: Pick<Table, 'client'>, put: Put): Promise<boolean> =>
  conditionHolds(client.send(new PutItemCommand(put)));
