/** The DynamoDB behind the misbehaving network: in memory, or one that is handed in. */
import { type Client, clientThat, sendTo } from '../client.ts';
import { laggingIndexes } from '../lagging-indexes.ts';
import { documentedLimits, limitedStore } from '../limits.ts';
import { type Attributes, createMemoryStore } from '../memory-store.ts';
import type { Scheduler } from '../scheduler.ts';
import { conflictingStore } from '../transaction-conflicts.ts';
import type { Journal } from './journal.ts';
import { type TableName, tableDefinitions, tableNames } from './tables.ts';

/** Empty tables, and what stands in them. */
export interface Database {
  readonly client: Client;
  readonly nameOf: (table: TableName) => string;
  readonly itemsOf: (table: TableName) => Promise<readonly Attributes[]>;
}

export interface Behind {
  readonly database: Database;
  /** what processes reach through their misbehaving clients */
  readonly service: Client;
}

export function inMemory(scheduler: Scheduler, journal: Journal): Behind {
  const memory = createMemoryStore(tableDefinitions, { now: scheduler.now, index: laggingIndexes(scheduler, [5, 50]) });
  const written = { ...memory, send: journal.over(memory).send };
  // what DynamoDB's limits take to reckon is spent on some of the runs
  const isLimited = scheduler.random() < 0.2;
  return {
    database: {
      client: memory,
      nameOf: (table) => tableNames[table],
      itemsOf: async (table) => [...memory.items(table)],
    },
    service: isLimited ? limitedStore(written, scheduler) : conflictingStore(written, scheduler, documentedLimits),
  };
}

/** A database that answers in its own time, while the clock of the run stands still. */
export function standingBy(database: Database, scheduler: Scheduler, journal: Journal): Behind {
  const client = clientThat((command) => scheduler.standStill(sendTo(database.client, command)));
  return { database, service: conflictingStore(journal.over(client), scheduler, documentedLimits) };
}
