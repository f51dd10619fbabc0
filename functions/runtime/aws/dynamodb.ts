/** What bundles hold in place of `@aws-sdk/client-dynamodb`; a name that is missing here stops the bundling. */
import { randomUUID } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import type { ClientSettings } from './connection.ts';
import { type Command, commandOf, JsonClient } from './json-client.ts';

export const BatchGetItemCommand = commandOf('BatchGetItem');
export const BatchWriteItemCommand = commandOf('BatchWriteItem');
export const DeleteItemCommand = commandOf('DeleteItem');
export const DescribeTableCommand = commandOf('DescribeTable');
export const GetItemCommand = commandOf('GetItem');
export const PutItemCommand = commandOf('PutItem');
export const QueryCommand = commandOf('Query');
export const ScanCommand = commandOf('Scan');
export const TransactGetItemsCommand = commandOf('TransactGetItems');
export const TransactWriteItemsCommand = commandOf('TransactWriteItems');
export const UpdateItemCommand = commandOf('UpdateItem');

export class ConditionalCheckFailedException extends AwsError {}
export class TransactionCanceledException extends AwsError {}

export class DynamoDBClient extends JsonClient {
  constructor(settings: ClientSettings) {
    super(
      {
        name: 'dynamodb',
        version: '1.0',
        target: 'DynamoDB_20120810',
        errors: { ConditionalCheckFailedException, TransactionCanceledException },
        toJson,
        fromJson,
      },
      settings,
    );
  }

  /** As by the SDK, a transaction carries a token, the same for each try: a try after a lost answer writes nothing more. */
  override send(command: Command): Promise<object> {
    if (command.operation !== 'TransactWriteItems') return super.send(command);
    return super.send({ ...command, input: { ClientRequestToken: randomUUID(), ...command.input } });
  }
}

/** Attributes are JSON already, but for bytes, which go as base64. */
const toJson = (input: object): string =>
  JSON.stringify(input, function (this: Record<string, unknown>, key, value: unknown) {
    const original = this[key]; // a Buffer has turned itself into something else by now
    return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
  });

/**
 * Only an attribute of bytes has a text at `B`: an entry of a map that is named so holds an attribute. Sets of bytes (`BS`),
 * which no store has, would come back as base64.
 */
const fromJson = (json: string): object =>
  json.includes('"B"')
    ? JSON.parse(json, (key, value) => (isBytes(key, value) ? bytesOf(value) : value))
    : JSON.parse(json);

const isBytes = (key: string, value: unknown): value is string => key === 'B' && typeof value === 'string';
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
