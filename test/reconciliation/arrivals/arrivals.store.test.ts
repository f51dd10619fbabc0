import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AccountingDate, addDays } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { type Table, toItem } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { statusOf } from '../../../functions/reconciliation/arrivals/arrival.ts';
import {
  arrivalsAt,
  arrivalsOf,
  overdueDays,
  putArrivalWrites,
} from '../../../functions/reconciliation/arrivals/arrival-store.ts';
import { awaitArrivals } from '../../../functions/reconciliation/arrivals/await-arrivals.ts';
import { claimBankDay } from '../../../functions/reconciliation/arrivals/claim-bank-day.ts';
import { batchesOfDays, listBatches } from '../../../functions/reconciliation/batch-list-store.ts';
import type { StagedLine } from '../../../functions/reconciliation/shard-rows.ts';
import { createTable, engines } from '../../support/engines.ts';

const day = '2026-03-02' as AccountingDate; // a real day

const line = (facts: Partial<StagedLine>): StagedLine => ({
  lineNumber: 2,
  kind: 'settlement',
  ourReference: '',
  channelReference: '',
  amount: 1_000n,
  fee: 0n,
  currency: 'CNY',
  status: 'succeeded',
  at: new Date('2026-03-02T04:00:00Z'),
  ...facts,
});

const payout = (number: number, amount: bigint): StagedLine =>
  line({ lineNumber: number, settlementReference: `PO-00000${number}`, amount });

const credit = (number: number, amount: bigint, remittance = ''): StagedLine =>
  line({ lineNumber: number, kind: 'credit', amount, remittance, channelReference: `BANK-${number}` });

describe.each(engines)('arrivals on $name', (engine) => {
  let table: Table;
  let channels: Table;

  beforeAll(async () => {
    const client = engine.client();
    const indexes = [
      { name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' },
      { name: 'by-institution', partitionKey: 'institutionId', sortKey: 'listKey' },
    ];
    [table, channels] = await Promise.all([
      createTable(client, 'reconciliation', { indexes }),
      createTable(client, 'channels'),
    ]);
  });

  /** A merchant number whose settlements arrive at a bank account within two days. */
  async function openAccount() {
    const name = randomUUID().slice(0, 8);
    const bank = { channel: 'a-bank', merchantNo: `bank-${name}` };
    const rule = async (facts: { readonly bank: typeof bank; readonly daysToArrive?: number }): Promise<void> => {
      const value = { channel: 'a-wallet', merchantNo: name, daysToArrive: 2, tolerance: 5, ...facts };
      const kind = 'arrival-rules';
      const entry = { kind, id: name, version: 1, value: JSON.stringify(value), changedBy: 'tests', changedAt: '' };
      const Item = toItem({ pk: 'ARRIVAL_RULES', sk: `${kind}#${name}`, ...entry });
      await channels.client.send(new PutItemCommand({ TableName: channels.name, Item }));
    };
    const deleteRule = async (): Promise<void> => {
      const Key = toItem({ pk: 'ARRIVAL_RULES', sk: `arrival-rules#${name}` });
      await channels.client.send(new DeleteItemCommand({ TableName: channels.name, Key }));
    };
    await rule({ bank });
    const sleepMs = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    const needs = {
      table,
      channels: { table: channels },
      clock: () => new Date('2026-03-03T02:00:00Z'),
      commit: committer(engine.client(), { random: Math.random, sleepMs }),
    };
    const institutionId = idFrom('inst', name);
    const stored = (at = bank) => arrivalsAt(table, at, { from: addDays(day, -90), to: addDays(day, 90) });
    return {
      needs,
      institutionId,
      bank,
      rule,
      deleteRule,
      stored,
      settle: (settlements: readonly StagedLine[], version = 1, date = day) =>
        awaitArrivals(
          needs,
          { statement: { channel: 'a-wallet', merchantNo: name, date }, version, institutionId },
          settlements,
        ),
      credit: (lines: readonly StagedLine[], version = 1, date = addDays(day, 1)) =>
        claimBankDay(needs, { statement: { ...bank, date }, version }, lines),
      async shown(today = addDays(day, 1)) {
        return (await stored())
          .map(({ arrival }) => {
            const claimed = arrival.claims.map(({ lineNumber, amount }) => `${lineNumber}: ${amount}`);
            return [Number(arrival.amount), statusOf(arrival, today), ...claimed];
          })
          .sort((left, right) => Number(left[0]) - Number(right[0]));
      },
    };
  }

  test('are awaited once, and found arrived in parts and together, each credit once', async () => {
    const account = await openAccount();
    expect(await account.settle([payout(2, 1_000n), payout(3, 300n), payout(4, 400n)])).toMatchObject({ awaited: 3 });
    await account.settle([payout(2, 1_000n), payout(3, 300n), payout(4, 400n)]);
    const lines = [credit(7, 600n, 'PO-000002'), credit(8, 700n), credit(9, 55n, 'A CUSTOMER')];
    const { claimed } = await account.credit(lines);
    expect(claimed.map(({ lineNumber }) => lineNumber)).toEqual([7, 8]);
    expect(await account.shown()).toEqual([
      [300, 'arrived', '8: 300'],
      [400, 'arrived', '8: 400'],
      [1_000, 'partly', '7: 600'],
    ]);
    await account.credit([credit(3, 398n, 'REST OF PO-000002')], 1, addDays(day, 2));
    expect((await account.shown()).at(-1)).toEqual([1_000, 'arrived', '7: 600', '3: 398']);
  });

  test("are no reconciliations of the institution's, whose index they share", async () => {
    const { settle, institutionId } = await openAccount();
    await settle([payout(2, 1_000n)]);
    const request = { scope: institutionId, filter: {}, limit: 10 };
    expect((await listBatches(table, request)).items).toEqual([]);
    expect(await batchesOfDays(table, { institutionId, from: day, to: day, limit: 10 })).toEqual([]);
  });

  test('are withdrawn by the next statement of their day where their rule is gone, but for those of which something has come', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n), payout(3, 300n), payout(4, 400n)]);
    await account.settle([payout(5, 50n)], 1, addDays(day, 1));
    await account.credit([credit(7, 600n, 'PO-000002')]);
    await account.deleteRule();
    for (const _repeat of [1, 2]) {
      // one is told of still, and one is not
      expect(await account.settle([payout(2, 1_000n), payout(3, 300n)], 2)).toMatchObject({ awaited: 0 });
      expect(await account.shown()).toEqual([
        [50, 'awaited'],
        [1_000, 'partly', '7: 600'],
      ]);
    }
    expect(await account.settle([payout(6, 70n)], 1, addDays(day, 2))).toMatchObject({ awaited: 0 });
    expect(await account.shown()).toHaveLength(2);
  });

  test('a repeat of the step changes nothing, and a corrected bank statement releases what it no longer claims', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n), payout(3, 300n)]);
    await account.credit([credit(7, 1_000n), credit(8, 300n)]);
    const before = await account.stored();
    expect((await account.credit([credit(7, 1_000n), credit(8, 300n)])).claimed).toHaveLength(2);
    expect(await account.stored()).toEqual(before);
    await account.credit([credit(12, 300n)], 2);
    expect(await account.shown()).toEqual([
      [300, 'arrived', '12: 300'],
      [1_000, 'awaited'],
    ]);
    await expect(account.credit([credit(7, 1_000n)], 1)).rejects.toThrow(/version 2/);
  });

  test("a corrected channel's statement withdraws what it no longer shows, and keeps what the bank credited", async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n), payout(3, 300n)]);
    await account.credit([credit(8, 300n)]);
    await account.settle([payout(4, 50n)], 2);
    expect(await account.shown()).toEqual([
      [50, 'awaited'],
      [300, 'withdrawn', '8: 300'],
    ]);
    await account.settle([payout(2, 1_000n), payout(3, 300n)], 3);
    expect(await account.shown()).toEqual([
      [300, 'arrived', '8: 300'],
      [1_000, 'awaited'],
    ]);
  });

  test('are awaited where the rule says now: what nothing has come of moves with it', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n), payout(3, 300n)]);
    await account.credit([credit(8, 300n)]);
    const due = async () =>
      (await overdueDays(table, addDays(day, 6), 1_000)).filter((each) => each === addDays(day, 2)).length;
    const before = await due();
    const moved = { ...account.bank, merchantNo: `${account.bank.merchantNo}-new` };
    await account.rule({ bank: moved, daysToArrive: 5 });
    await account.settle([payout(4, 50n)], 1, addDays(day, 1));
    // what has come stays where it came
    expect(await account.shown()).toEqual([[300, 'arrived', '8: 300']]);
    const there = (await account.stored(moved)).map(({ arrival }) => [Number(arrival.amount), arrival.dueOn]);
    expect(there.sort((left, right) => Number(left[0]) - Number(right[0]))).toEqual([
      [50, addDays(day, 6)],
      [1_000, addDays(day, 5)],
    ]);
    expect(await due()).toBe(before - 1);

    // the day is told once more: each is awaited once, wherever that is
    await account.settle([payout(2, 1_000n), payout(3, 300n)], 2);
    expect(await account.shown()).toEqual([[300, 'arrived', '8: 300']]);
    expect(await account.stored(moved)).toHaveLength(2);
    const statement = { ...moved, date: addDays(day, 2) };
    expect((await claimBankDay(account.needs, { statement, version: 1 }, [credit(2, 1_000n)])).claimed).toHaveLength(1);
  });

  test('are awaited once where the rule has moved, however much else is awaited of the institution', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n)]);
    const [ours] = await account.stored();
    if (!ours) throw new Error('nothing is awaited');
    const others = Array.from({ length: 1_000 }, (_, index) => {
      const settled = { channel: 'a-wallet', merchantNo: `other-${index}`, date: addDays(day, -1) };
      const arrival = {
        ...ours.arrival,
        settled,
        dueOn: addDays(day, 60),
        id: idFrom('arr', account.bank.merchantNo, `${index}`),
      };
      return putArrivalWrites(table, undefined, arrival);
    });
    for (let from = 0; from < others.length; from += 50) {
      expect(await account.needs.commit(others.slice(from, from + 50).flat())).toEqual({ committed: true });
    }
    const moved = { ...account.bank, merchantNo: `${account.bank.merchantNo}-new` };
    await account.rule({ bank: moved });
    await account.settle([payout(2, 1_000n)], 2);
    expect(await account.stored(moved)).toHaveLength(1);
    expect((await account.stored()).filter(({ arrival }) => arrival.id === ours.arrival.id)).toEqual([]);
  });

  test('are due no more where they move and come back to the channel at once', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n)]);
    const due = async () =>
      (await overdueDays(table, addDays(day, 6), 5_000)).filter((each) => each === addDays(day, 2)).length;
    const before = await due();
    const moved = { ...account.bank, merchantNo: `${account.bank.merchantNo}-new` };
    await account.rule({ bank: moved });
    await account.settle([{ ...payout(2, 1_000n), kind: 'settlement_return' }], 1, addDays(day, 1));
    expect((await account.stored(moved)).map(({ arrival }) => statusOf(arrival, day))).toEqual(['returned']);
    expect(await due()).toBe(before - 1);
  });

  test('what the channel had back is returned, and a return that names nothing is told', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n)]);
    const back = { ...payout(2, 1_000n), kind: 'settlement_return' } as const;
    const unknown = { ...back, lineNumber: 9, settlementReference: 'PO-NOBODY' };
    expect(await account.settle([back, unknown], 1, addDays(day, 1))).toMatchObject({ unknownReturns: [9] });
    expect(await account.shown()).toEqual([[1_000, 'returned']]);
    await account.settle([], 2, addDays(day, 1));
    expect(await account.shown()).toEqual([[1_000, 'awaited']]);
  });

  test('are overdue once their last day is over, found by the sweep and listed to their institution', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n)]);
    const overdue = async (today: AccountingDate) =>
      (await overdueDays(table, today, 1_000)).filter((each) => each === addDays(day, 2)).length;
    const [today, tomorrow] = [addDays(day, 2), addDays(day, 3)];
    expect((await account.shown(today))[0]?.[1]).toBe('awaited');
    expect((await account.shown(tomorrow))[0]?.[1]).toBe('overdue');
    const before = await overdue(tomorrow);
    expect(before).toBeGreaterThan(await overdue(today));
    const listed = await arrivalsOf(table, { institutionId: account.institutionId, from: day, to: day, limit: 10 });
    expect(listed).toHaveLength(1);
    await account.credit([credit(2, 1_000n)]);
    expect(await overdue(tomorrow)).toBe(before - 1);
  });

  test('two statements that change one arrival at once do not both win', async () => {
    const account = await openAccount();
    await account.settle([payout(2, 1_000n)]);
    const [stored] = await account.stored();
    if (!stored) throw new Error('nothing is awaited');
    await account.credit([credit(7, 1_000n)]);
    const { committed } = await account.needs.commit(
      putArrivalWrites(table, stored, { ...stored.arrival, amount: 2n }),
    );
    expect(committed).toBe(false);
  });
});
