/** A state on its way from slot to slot: who dies there, and who meets another change, on a table in memory. */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../functions/kernel/caller.ts';
import { bareId } from '../../functions/kernel/ids.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { committer } from '../../functions/kernel/write.ts';
import type { AccountStatus } from '../../functions/ledger/account.ts';
import { requestChange } from '../../functions/ledger/account-changes.ts';
import { headMemory } from '../../functions/ledger/head-memory.ts';
import { readSlots } from '../../functions/ledger/heads.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { openAccountWrites } from '../../functions/ledger/open-accounts.ts';
import { post } from '../../functions/ledger/post.ts';
import type { NewPosting } from '../../functions/ledger/posting.ts';
import { type Client, clientThat, sendTo } from '../../local/simulation/client.ts';
import { createMemoryStore, type MemoryStore } from '../../local/simulation/memory-store.ts';
import { accountId, institutionId, member, noon, payOut, postingId, settlement, today, topUp } from './samples.ts';

const slots = 3;
const app: Caller = { kind: 'institution', clientId: 'app', institutionId };
const operator: Caller = { kind: 'operator', clientId: 'op' };
const pause = { random: () => 0, sleepMs: async () => undefined };
const codeOf = (outcome: object): string => (isRefusal(outcome) ? outcome.refused : 'done');

describe('the state of an account of several slots', () => {
  let store: MemoryStore;
  let ledger: Ledger;
  beforeEach(async () => {
    store = createMemoryStore([{ name: 'ledger' }]);
    ledger = {
      table: { client: store, name: 'ledger' },
      commit: committer(store, pause, 'answered'),
      clock: () => noon,
      businessDate: async () => today,
      memory: headMemory(() => noon),
      ...pause,
    };
    await ledger.commit(await openAccountWrites(ledger, member('A', { slots })));
  });

  const ask = (by: Ledger, caller: Caller, status: AccountStatus, operation: string) =>
    requestChange(by, {
      caller,
      accountId: accountId('A'),
      wanted: { status },
      reason: 'as asked',
      operationId: bareId(postingId(operation)),
    });
  const through = (client: Client): Ledger => ({
    ...ledger,
    table: { client, name: 'ledger' },
    commit: committer(client, pause, 'answered'),
    memory: headMemory(() => noon),
  });
  const states = async () => (await readSlots(ledger.table, accountId('A'))).map(({ terms }) => terms.status);
  /** @param before what happens before the transaction of that number, counted from 1 */
  const interrupted = (number: number, before: () => Promise<unknown>): Client => {
    let transactions = 0;
    return clientThat(async (command) => {
      if (command instanceof TransactWriteItemsCommand && ++transactions === number) await before();
      return sendTo(store, command);
    });
  };
  const dies = () => Promise.reject(new Error('died'));

  test('that died on its way is finished by its own repeat', async () => {
    await expect(ask(through(interrupted(2, dies)), operator, 'blocked', 'block')).rejects.toThrow('died');
    expect(await states()).toEqual(['active', 'blocked', 'active']);
    expect(codeOf(await ask(ledger, operator, 'blocked', 'block'))).toBe('done');
    expect(await states()).toEqual(['blocked', 'blocked', 'blocked']);
  });

  test('that died on its way is taken back by whoever asks for the state that is shown', async () => {
    await expect(ask(through(interrupted(3, dies)), operator, 'blocked', 'block')).rejects.toThrow('died');
    expect(await states()).toEqual(['active', 'blocked', 'blocked']);
    expect(codeOf(await ask(ledger, app, 'active', 'as it is shown'))).toBe('nothing_changes');
    expect(await states()).toEqual(['active', 'active', 'active']);
  });

  test.each([1, 2, 3])('is the one that won slot 0, whichever step the other was at (%i)', async (step) => {
    await ask(ledger, app, 'debit_blocked', 'before');
    const block = () => ask(ledger, operator, 'blocked', 'block');
    const unblocked = await ask(through(interrupted(step, block)), app, 'active', 'unblock');
    expect(codeOf(unblocked)).toBe('blocked_by_operator');
    expect(await states()).toEqual(['blocked', 'blocked', 'blocked']);
  });

  test.each([1, 2, 3])('leaves no slot behind that a slower change had passed already (%i)', async (step) => {
    const unblock = async () => {
      await ask(ledger, app, 'debit_blocked', 'first');
      await ask(ledger, app, 'active', 'then');
    };
    const blocked = await ask(through(interrupted(step, unblock)), operator, 'blocked', 'block');
    expect(codeOf(blocked)).toBe('done');
    expect(await states()).toEqual(['blocked', 'blocked', 'blocked']);
  });
});

describe('a closed account', () => {
  test('takes what a channel had still on its way, refuses what is asked, and is reopened by an operator as blocked', async () => {
    const store = createMemoryStore([{ name: 'ledger' }]);
    const ledger: Ledger = {
      table: { client: store, name: 'ledger' },
      commit: committer(store, pause, 'answered'),
      clock: () => noon,
      businessDate: async () => today,
      memory: headMemory(() => noon),
      ...pause,
    };
    for (const account of [member('A', { slots: 2 }), settlement('S', 1)]) {
      await ledger.commit(await openAccountWrites(ledger, account));
    }
    const ask = async (caller: Caller, status: AccountStatus, operation: string) => {
      const change = { accountId: accountId('A'), wanted: { status }, reason: 'as asked' };
      return codeOf(await requestChange(ledger, { ...change, caller, operationId: bareId(postingId(operation)) }));
    };
    const book = async (next: NewPosting) => {
      const outcome = await post(ledger, next);
      return 'outcome' in outcome ? outcome.outcome : outcome.refused;
    };

    expect(await ask(app, 'closed', 'leave')).toBe('done');
    expect(await book(topUp('asked', 'A', 50n))).toBe('account_closed');
    expect(await book(topUp('happened', 'A', 50n, { type: 'top_up' }))).toBe('posted');
    expect(await ask(app, 'blocked', 'return')).toBe('account_closed');
    expect(await ask(operator, 'active', 'return')).toBe('account_closed');
    expect(await ask(operator, 'blocked', 'return')).toBe('done');
    expect((await readSlots(ledger.table, accountId('A'))).map(({ terms }) => terms.status)).toEqual([
      'blocked',
      'blocked',
    ]);
    expect(await book(payOut('still blocked', 'A', 50n))).toBe('account_blocked');
    expect(await ask(operator, 'active', 'unblock')).toBe('done');
    expect(await book(payOut('sent on', 'A', 50n))).toBe('posted');
    expect(await ask(operator, 'closed', 'again')).toBe('done');
  });
});
