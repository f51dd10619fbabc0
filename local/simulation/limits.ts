/** DynamoDB as busy writers meet it: requests that take time, transactions that conflict, partitions with limits. */
import type { Client } from './client.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Scheduler } from './scheduler.ts';
import { documentedThroughput, type Throughput, throttlingStore } from './throughput.ts';
import { conflictingStore, type Durations } from './transaction-conflicts.ts';

export interface Limits extends Durations {
  readonly throughput: Throughput;
}

/**
 * "DynamoDB … single-digit millisecond performance"; a transaction prepares and commits in two rounds.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Introduction.html
 */
export const documentedLimits: Limits = {
  requestMs: [2, 6],
  transactionMs: [4, 10],
  throughput: documentedThroughput,
};

/** One for all processes of a simulation; each reaches it through a client of its own. */
export const limitedStore = (store: MemoryStore, scheduler: Scheduler, limits: Limits = documentedLimits): Client =>
  throttlingStore(conflictingStore(store, scheduler, limits), store, scheduler, limits.throughput);
