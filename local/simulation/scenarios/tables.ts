/** The tables that the scenarios use, as the data stack makes them. */
import type { TableDefinition } from '../memory-store.ts';

export const tableNames = {
  ledger: 'ledger',
  channels: 'channels',
  parties: 'parties',
  payments: 'payments',
  idempotency: 'idempotency',
} as const;

export type TableName = keyof typeof tableNames;

export const tableDefinitions: readonly (TableDefinition & { readonly name: TableName })[] = [
  {
    name: 'ledger',
    indexes: [
      { name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' },
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'listKey' },
      { name: 'holds-by-expiry', partitionKey: 'expiryShard', sortKey: 'expiryKey' },
    ],
  },
  { name: 'channels' },
  { name: 'parties' },
  {
    name: 'payments',
    indexes: [
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' },
      { name: 'by-expected-day', partitionKey: 'expectedDay', sortKey: 'channelOrderNo' },
      { name: 'unfinished', partitionKey: 'unfinished', sortKey: 'createdKey' },
    ],
  },
  { name: 'idempotency', sortKey: false },
];
