/**
 * Requests take time, and a transaction holds its items meanwhile: another one on any of them is cancelled, and a single
 * write on one is refused. Reads see what was last committed.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
 */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { type Client, clientThat, sendTo } from './client.ts';
import { conflictingTransaction, transactionCancelled } from './dynamodb/exceptions.ts';
import type { Scheduler } from './scheduler.ts';
import { writtenItems } from './written-items.ts';

export interface Durations {
  /** from – to, in virtual milliseconds, at the service itself */
  readonly requestMs: readonly [number, number];
  readonly transactionMs: readonly [number, number];
}

/** One for all processes, for conflicts are between them. */
export function conflictingStore(store: Client, scheduler: Scheduler, durations: Durations): Client {
  const held = new Set<string>();
  return clientThat(async (command) => {
    const items = writtenItems(command);
    const isTransaction = command instanceof TransactWriteItemsCommand;
    const refuseHeld = (): void => {
      if (!items.some((item) => held.has(item))) return;
      scheduler.record(`conflict of ${command.constructor.name}`);
      if (!isTransaction) throw conflictingTransaction();
      throw transactionCancelled(items.map((item) => ({ Code: held.has(item) ? 'TransactionConflict' : 'None' })));
    };
    refuseHeld();
    if (!isTransaction) {
      await scheduler.after(scheduler.between(...durations.requestMs), () => {});
      refuseHeld();
      return sendTo(store, command);
    }
    for (const item of items) held.add(item);
    try {
      return await scheduler.after(scheduler.between(...durations.transactionMs), () => sendTo(store, command));
    } finally {
      for (const item of items) held.delete(item);
    }
  });
}
