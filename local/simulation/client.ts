/** What stores need of a DynamoDB client, and what stands in its place in a simulation. */
import type {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

export type Client = Pick<DynamoDBClient, 'send'>;

export type Command =
  | GetItemCommand
  | QueryCommand
  | ScanCommand
  | PutItemCommand
  | UpdateItemCommand
  | DeleteItemCommand
  | TransactWriteItemsCommand;

/** What comes back, of whichever command. */
export type Answer = object;

/** `send` has overloads for callbacks and for many more commands, which nobody uses here: hence the cast. */
export const clientThat = (answer: (command: Command) => Promise<Answer>): Client => ({
  send: answer as unknown as Client['send'],
});

/** Passes a command on, of whichever kind: no single overload of `send` takes them all. */
export const sendTo = (client: Client, command: Command): Promise<Answer> =>
  (client.send as unknown as (command: Command) => Promise<Answer>).call(client, command);
