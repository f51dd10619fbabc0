/** Single writes under a condition, whose failure is an answer: somebody else was faster. One write unit each. */
import {
  type AttributeValue,
  PutItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { conditionHolds, type Table } from '../kernel/table.ts';

/** @returns false where the condition was not met, and nothing was written */
export const updateIf = (table: Table, update: Omit<UpdateItemCommandInput, 'TableName'>): Promise<boolean> =>
  conditionHolds(table.client.send(new UpdateItemCommand({ TableName: table.name, ...update })));

/** @returns false where there is an item of that key, which stays as it is */
export const putIfNew = (table: Table, item: Record<string, AttributeValue>): Promise<boolean> =>
  conditionHolds(
    table.client.send(
      new PutItemCommand({ TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' }),
    ),
  );
