/** A ledger on a new table of a real engine, and what its tests do with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../../functions/kernel/ids.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer, type Write } from '../../functions/kernel/write.ts';
import type { NewAccount } from '../../functions/ledger/account.ts';
import { headMemory } from '../../functions/ledger/head-memory.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { openAccountWrites } from '../../functions/ledger/open-accounts.ts';
import { type PostOutcome, post } from '../../functions/ledger/post.ts';
import { readAccount } from '../../functions/ledger/read-account.ts';
import { createTable, type Engine } from '../support/engines.ts';
import { noon, today } from './samples.ts';

type Client = Pick<DynamoDBClient, 'send'>;

/** The table of the context with the indexes that the data stack gives it. */
export const createLedgerTable = (client: DynamoDBClient): Promise<Table> =>
  createTable(client, 'ledger', {
    indexes: [
      { name: 'by-day', partitionKey: 'day', sortKey: 'dayPlace' },
      { name: 'by-institution', partitionKey: 'listing', sortKey: 'listKey' },
      { name: 'holds-by-expiry', partitionKey: 'expiryShard', sortKey: 'expiryKey', keysOnly: true },
    ],
  });

export async function ledgerOn(engine: Engine, facts: Partial<Ledger> = {}): Promise<Ledger> {
  const client = engine.client();
  const pause = { random: Math.random, sleepMs: (milliseconds: number) => sleep(milliseconds) };
  return {
    table: await createLedgerTable(client),
    commit: committer(client, pause, 'answered'),
    clock: () => noon,
    businessDate: async () => today,
    memory: headMemory(() => noon),
    ...pause,
    ...facts,
  };
}

/** The same books through another client, in a process of its own. */
export const through = (ledger: Ledger, client: Client): Ledger => ({
  ...ledger,
  table: { ...ledger.table, client },
  commit: committer(client, ledger, 'answered'),
  memory: headMemory(ledger.clock),
});

export async function open(ledger: Ledger, ...accounts: readonly NewAccount[]): Promise<void> {
  for (const account of accounts) await commitAll(ledger, await openAccountWrites(ledger, account));
}

export async function commitAll(ledger: Ledger, writes: readonly Write[]): Promise<void> {
  const commit = await ledger.commit(writes);
  if (!commit.committed) throw new Error('a condition failed');
}

export async function balanceOf(ledger: Ledger, id: AccountId): Promise<readonly [available: bigint, frozen: bigint]> {
  const account = await readAccount(ledger, id);
  if (!account) throw new Error(`there is no account ${id}`);
  return [account.balances.available, account.balances.frozen];
}

/** What became of a posting, in one word: `posted`, `already_posted`, `overtaken` or the refusal's code. */
export const wordOf = (outcome: PostOutcome | Refusal): string =>
  isRefusal(outcome) ? outcome.refused : outcome.outcome;

export const postWord = async (...parameters: Parameters<typeof post>): Promise<string> =>
  wordOf(await post(...parameters));

/** Performs a transaction, loses its answer and sends it again, as the SDK does when the connection breaks. */
export function losingAnswers(client: Client): Client & { readonly lost: () => number } {
  let lost = 0;
  const send = async (command: Parameters<Client['send']>[0]) => {
    if (command instanceof TransactWriteItemsCommand) {
      await client.send(command);
      lost += 1;
    }
    return client.send(command as TransactWriteItemsCommand); // one of send's many overloads
  };
  return { send: send as Client['send'], lost: () => lost }; // answers what the real one answers
}
