/** What the use cases of batches need, handed in. */
import type { BatchId } from '../../kernel/ids.ts';
import type { Payment } from '../payment.ts';
import type { Payments } from '../payments.ts';

export interface Batches extends Payments {
  readonly batchQueue: BatchQueue;
}

/** Delivers each message at least once, not before its delay: the batch is carried on. */
export interface BatchQueue {
  readonly send: (id: BatchId, delaySeconds: number) => Promise<void>;
}

/**
 * The follow-up looks at a line after five minutes: an order that its channel has not seen is closed there, and lines wait for
 * their batch to be sent. See `follow-up-schedule.ts`.
 */
export const firstCheckOfLine = 6;

/**
 * Calls at once. Those that book on one account go one after the other, since they would race for the end of its chain and lose
 * more time than they gain.
 */
export const maximumLanes = 8;

/** What books on one account, together. */
export const byAccount = <Item>(items: readonly Item[], accountOf: (item: Item) => Payment['accountId']): Item[][] => [
  ...Map.groupBy(items, accountOf).values(),
];
