import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../functions/kernel/table.ts';
import { createTable } from '../support/engines.ts';

/** The table of the context with the indexes that the data stack gives it. */
export const createPaymentsTable = (client: DynamoDBClient): Promise<Table> =>
  createTable(client, 'payments', {
    indexes: [
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' },
      { name: 'by-expected-day', partitionKey: 'expectedDay', sortKey: 'channelOrderNo' },
      {
        name: 'unfinished',
        partitionKey: 'unfinished',
        sortKey: 'createdKey',
        includes: ['changedAt', 'expiresAt', 'channel', 'attempt'],
      },
    ],
  });
