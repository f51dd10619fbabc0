/** Which parameters of which requests the simulated DynamoDB knows. */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

const everywhere = ['TableName', 'ReturnConsumedCapacity', 'ExpressionAttributeNames'];
const reads = ['ConsistentRead', 'ProjectionExpression'];
const pages = [...reads, 'IndexName', 'FilterExpression', 'ExpressionAttributeValues', 'Limit', 'ExclusiveStartKey'];
const writes = [
  'ConditionExpression',
  'ExpressionAttributeValues',
  'ReturnValues',
  'ReturnValuesOnConditionCheckFailure',
];

const known = [
  { command: GetItemCommand, parameters: [...reads, 'Key'] },
  { command: QueryCommand, parameters: [...pages, 'KeyConditionExpression', 'ScanIndexForward'] },
  { command: ScanCommand, parameters: [...pages, 'Segment', 'TotalSegments'] },
  { command: PutItemCommand, parameters: [...writes, 'Item'] },
  { command: UpdateItemCommand, parameters: [...writes, 'Key', 'UpdateExpression'] },
  { command: DeleteItemCommand, parameters: [...writes, 'Key'] },
  { command: TransactWriteItemsCommand, parameters: ['TransactItems', 'ClientRequestToken'] },
];

/** @throws Error for a request, or a parameter of one, that would be answered otherwise than DynamoDB does */
export function checkParameters(command: object & { readonly input: object }): void {
  const { parameters } = known.find((each) => command instanceof each.command) ?? {};
  if (!parameters) throw new Error(`the simulated DynamoDB does not know ${command.constructor.name}`);
  for (const [name, value] of Object.entries(command.input)) {
    if (value !== undefined && !parameters.includes(name) && !everywhere.includes(name)) {
      throw new Error(`the simulated DynamoDB does not know ${name} of ${command.constructor.name}`);
    }
  }
}
