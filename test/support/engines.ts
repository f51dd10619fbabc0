/** The DynamoDB engines that store tests run against: the emulator, and Amazon's own DynamoDB Local where Java runs. */
import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Table } from '../../functions/kernel/table.ts';

export interface Engine {
  readonly name: 'ministack' | 'dynamodb-local';
  readonly client: () => DynamoDBClient;
}

/** For `describe.each(engines)('… on $name', …)`. `npm test` starts them and says which ones are there. */
export const engines: readonly Engine[] = [
  ...engineAt('ministack', process.env['AWS_ENDPOINT_URL']),
  ...engineAt('dynamodb-local', process.env['DYNAMODB_LOCAL_URL']),
];

if (engines.length === 0) {
  throw new Error('store tests need AWS_ENDPOINT_URL or DYNAMODB_LOCAL_URL; `npm test` sets both');
}

/**
 * For tests that vary the moment at which a process dies, and not what the engine answers: Amazon's own where it runs.
 * What each engine answers is held to by all other store tests.
 */
export const anyEngine: readonly Engine[] = engines.slice(-1);

function engineAt(name: Engine['name'], endpoint: string | undefined): Engine[] {
  if (endpoint === undefined) return [];
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return [{ name, client: () => new DynamoDBClient({ endpoint, region: 'us-east-1', credentials }) }];
}

export interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** holds nothing else of its items; by default it holds all */
  readonly keysOnly?: boolean;
  /** holds of its items the keys and these */
  readonly includes?: readonly string[];
}

export interface TableShape {
  readonly indexes?: readonly TableIndex[];
  /** false for a table whose items have only a partition key */
  readonly sortKey?: boolean;
}

/** A new, empty table as `lib/constructs/context-table.ts` makes one, under a name of its own. */
export async function createTable(client: DynamoDBClient, prefix: string, shape: TableShape = {}): Promise<Table> {
  const { indexes = [], sortKey = true } = shape;
  const name = `${prefix}-${randomUUID()}`;
  const indexAttributes = indexes.flatMap((index) => [index.partitionKey, index.sortKey]);
  const attributes = new Set(['pk', ...(sortKey ? ['sk'] : []), ...indexAttributes]);
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...attributes].map((each) => ({ AttributeName: each, AttributeType: 'S' })),
      KeySchema: keySchema('pk', sortKey ? 'sk' : undefined),
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes.map(globalIndex) }),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: name });
  return { client, name };
}

const globalIndex = (index: TableIndex): GlobalSecondaryIndex => ({
  IndexName: index.name,
  KeySchema: keySchema(index.partitionKey, index.sortKey),
  Projection: index.includes
    ? { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.includes] }
    : { ProjectionType: index.keysOnly ? 'KEYS_ONLY' : 'ALL' },
});

const keySchema = (partitionKey: string, sortKey: string | undefined) => [
  { AttributeName: partitionKey, KeyType: 'HASH' as const },
  ...(sortKey === undefined ? [] : [{ AttributeName: sortKey, KeyType: 'RANGE' as const }]),
];
