/** The tables that top-ups write, with the indexes that the data stack gives them. */
import type { TableDefinition } from '../local/simulation/memory-store.ts';

export const tableDefinitions: readonly TableDefinition[] = [
  { name: 'ledger', indexes: [{ name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' }] },
  {
    name: 'payments',
    indexes: [
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' },
      { name: 'by-expected-day', partitionKey: 'expectedDay', sortKey: 'channelOrderNo' },
    ],
  },
];
