/** The tables that payments and postings are written to, with the indexes that the data stack gives them. */
import { CreateTableCommand, type DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from '../local/simulation/memory-store.ts';
import type { TableNames } from './center.ts';

export const tableDefinitions: readonly TableDefinition[] = [
  {
    name: 'ledger',
    indexes: [
      { name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' },
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'listKey' },
      { name: 'holds-by-expiry', partitionKey: 'expiryShard', sortKey: 'expiryKey' },
    ],
  },
  {
    name: 'payments',
    indexes: [
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' },
      { name: 'by-expected-day', partitionKey: 'expectedDay', sortKey: 'channelOrderNo' },
      { name: 'unfinished', partitionKey: 'unfinished', sortKey: 'createdKey' },
    ],
  },
  { name: 'parties' },
  { name: 'channels' },
];

export const memoryTables: TableNames = {
  ledger: 'ledger',
  payments: 'payments',
  parties: 'parties',
  channels: 'channels',
};

/** New, empty tables on an engine. @param suffix makes their names their own */
export async function createTables(client: DynamoDBClient, suffix: string): Promise<TableNames> {
  for (const definition of tableDefinitions) await createTable(client, `${definition.name}-${suffix}`, definition);
  const { ledger, payments, parties, channels } = memoryTables;
  return {
    ledger: `${ledger}-${suffix}`,
    payments: `${payments}-${suffix}`,
    parties: `${parties}-${suffix}`,
    channels: `${channels}-${suffix}`,
  };
}

async function createTable(client: DynamoDBClient, name: string, { indexes = [] }: TableDefinition): Promise<void> {
  const keys = (partition: string, sort: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sort, KeyType: 'RANGE' as const },
  ];
  const indexed = indexes.flatMap(({ partitionKey, sortKey }) => [partitionKey, sortKey]);
  const attributes = [...new Set(['pk', 'sk', ...indexed])];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: attributes.map((each) => ({ AttributeName: each, AttributeType: 'S' })),
      KeySchema: keys('pk', 'sk'),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: keys(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: 'ALL' as const },
        })),
      }),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 20, minDelay: 1, maxDelay: 1 }, { TableName: name });
}
