import { randomUUID } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type AccountingDate, addDays } from '../../functions/kernel/clock.ts';
import { toItem } from '../../functions/kernel/table.ts';
import { readBatch } from '../../functions/reconciliation/batch-store.ts';
import { isClaimed } from '../../functions/reconciliation/carry-over.ts';
import { readPool } from '../../functions/reconciliation/carry-store.ts';
import { differencesOfDay } from '../../functions/reconciliation/difference-store.ts';
import { CarriedMeanwhile, recordCarried } from '../../functions/reconciliation/record-carried.ts';
import { rerunAskedDay } from '../../functions/reconciliation/rerun.ts';
import { readRerunRequest } from '../../functions/reconciliation/rerun-request-store.ts';
import type { StagedLine } from '../../functions/reconciliation/shard-rows.ts';
import { reconciliationIdOf, type StatementDay } from '../../functions/reconciliation/statement-key.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { engines } from '../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from './reconciled-world.ts';
import { date, expectation } from './sample-day.ts';

const first = date as AccountingDate; // a real day
const second = addDays(first, 1);

/** As the channel has it, a minute before the first day is over. */
const late: StagedLine = {
  lineNumber: 2,
  kind: 'collection',
  ourReference: 'O1',
  channelReference: 'T1',
  amount: 1_000n,
  fee: 6n,
  currency: 'CNY',
  status: 'succeeded',
  at: new Date('2026-03-01T15:59:00Z'),
};

/** As our books have it, two minutes later: it belongs to the second day. */
const early = expectation({
  channelOrderNo: 'O1',
  channelTradeNo: 'T1',
  amount: 1_000n,
  fee: 6n,
  completedAt: new Date('2026-03-01T16:01:00Z'),
});

describe.each(engines)('days that wait for each other on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  async function openDays() {
    let now = Date.parse('2026-03-03T02:00:00Z');
    const clock = () => {
      now += 1_000;
      return new Date(now);
    };
    const world = await openWorld(tables, randomUUID().slice(0, 8), clock);
    return { world, one: world.series, two: { ...world.series, date: second } };
  }

  const newest = (world: World, day: StatementDay, version: number) =>
    readBatch(world.dependencies.table, reconciliationIdOf(day, version));

  /** The first day's line waits, and the second day finds it. */
  async function carried() {
    const days = await openDays();
    const { world, one, two } = days;
    await world.book([early]);
    await world.receiveOf(one, 'one');
    expect((await world.reconcileLeft(one, 1, { lines: [late] })).settled.status).toBe('balanced');
    await world.receiveOf(two, 'two');
    const { settled } = await world.reconcileLeft(two, 1, { lines: [], expectations: [early] });
    expect(settled).toMatchObject({ status: 'balanced', settled: '9.94 CNY' });
    return days;
  }

  test('a line that is withdrawn opens the day again that has settled with it', async () => {
    const { world, one, two } = await carried();
    await world.receiveOf(one, 'corrected');
    await world.reconcileLeft(one, 2, { lines: [] });
    expect(await readRerunRequest(world.dependencies.table, two)).toMatchObject({ cause: 'line_withdrawn' });
    expect(await rerunAskedDay(world.dependencies, two)).toMatchObject({ version: 2, startedBy: 'line_withdrawn' });
    // both days are through, and nothing more can come for the payment
    const { settled } = await world.reconcileLeft(two, 2, { lines: [], expectations: [early] });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 1 });
    expect(await newest(world, two, 1)).toMatchObject({ settlementReversal: { byVersion: 2 } });
    const differences = await differencesOfDay(world.dependencies.table, two);
    expect(differences.map(({ facts, state }) => [facts.type, state])).toEqual([['missing_at_channel', 'open']]);
    expect(await readPool(world.dependencies.table, two, 1)).toEqual([]);
    expect(await rerunAskedDay(world.dependencies, two)).toBeUndefined();
    expect(await readRerunRequest(world.dependencies.table, two)).toBeUndefined();
    expect(await world.audit()).toEqual([]);
  });

  test('a line that is told otherwise is compared anew, as the day that found it then is', async () => {
    const { world, one, two } = await carried();
    await world.receiveOf(one, 'corrected');
    await world.reconcileLeft(one, 2, { lines: [{ ...late, amount: 1_100n }] });
    expect(await rerunAskedDay(world.dependencies, two)).toMatchObject({ version: 2 });
    await world.reconcileLeft(two, 2, { lines: [], expectations: [early] });
    const differences = await differencesOfDay(world.dependencies.table, two);
    expect(differences.map(({ facts, state }) => [facts.type, state, facts.adjustment])).toEqual([
      ['amount_mismatch', 'open', 100n],
    ]);
    expect(await readPool(world.dependencies.table, two, 1)).toMatchObject([{ claimedBy: second, origin: first }]);
  });

  test('a line that is withdrawn and shown again leaves the other day as it was', async () => {
    const { world, one, two } = await carried();
    for (const [index, lines] of [[], [late]].entries()) {
      await world.receiveOf(one, `corrected ${index}`);
      await world.reconcileLeft(one, index + 2, { lines });
    }
    await rerunAskedDay(world.dependencies, two);
    const { settled } = await world.reconcileLeft(two, 2, { lines: [], expectations: [early] });
    expect(settled).toMatchObject({ status: 'balanced', settled: '9.94 CNY' });
    expect(await readPool(world.dependencies.table, two, 1)).toMatchObject([{ claimedBy: second }]);
    expect(await world.audit()).toEqual([]);
  });

  test('a line is not withdrawn under the eyes of a version that has just come', async () => {
    const { world, one, two } = await carried();
    const { table, commit } = world.dependencies;
    const withdraw = (await readPool(table, one, 1)).filter(isClaimed);
    const changes = { put: [], claim: [], release: [], drop: [], withdraw, restore: [], forget: [] };
    const slowly: typeof commit = async (writes) => {
      if (writes.length > 0) await world.receiveOf(two, 'looks at the pool');
      return commit(writes);
    };
    const recording = recordCarried({ ...world.dependencies, commit: slowly }, world.runOf(2, one), changes);
    await expect(recording).rejects.toThrow(CarriedMeanwhile);
    // the step is repeated
    await recordCarried(world.dependencies, world.runOf(2, one), changes);
    expect(await readRerunRequest(table, two)).toMatchObject({ afterVersion: 2 });
  });

  test('a slow worker of a version in whose place another one has come writes nothing any more', async () => {
    const { world, one } = await openDays();
    await world.receiveOf(one, 'one');
    await world.receiveOf(one, 'two');
    const { files, table } = world.dependencies;
    const strange = { ...late, ourReference: 'O9', channelReference: 'T9', at: new Date('2026-03-01T04:00:00Z') };
    const slow = await world.layLeft(one, 1, { lines: [late, strange] });
    // it has taken the day, and reads what it will write of
    const { client } = files;
    let overtaken = false;
    const send = async (command: Parameters<typeof client.send>[0]) => {
      const answer = await client.send(command);
      if (!overtaken && JSON.stringify(command.input).includes(workingKeys(slow.reconciliationId).matched(0))) {
        overtaken = true;
        await world.fail(1);
        await world.reconcileLeft(one, 2, { lines: [] });
      }
      return answer;
    };
    Object.assign(files, { client: { send } });
    expect(await world.conclude(slow)).toMatchObject({ rejection: { reason: 'superseded' } });
    expect(overtaken).toBe(true);
    expect(await readPool(table, one, 1)).toEqual([]);
    expect(await differencesOfDay(table, one)).toEqual([]);
    expect(await newest(world, one, 2)).toMatchObject({ status: 'balanced' });
  });

  describe('a bank and a channel that settles to it', () => {
    const settlement: StagedLine = {
      ...{
        lineNumber: 2,
        kind: 'settlement',
        ourReference: '',
        channelReference: 'PO-000002',
        amount: 5_000n,
        fee: 0n,
      },
      ...{ currency: 'CNY', status: 'succeeded', at: new Date('2026-03-01T04:00:00Z') },
    };
    const credit: StagedLine = {
      ...{ ...settlement, kind: 'credit', channelReference: 'BANK-1', at: new Date('2026-03-02T04:00:00Z') },
      remittance: 'SETTLEMENT PO-000002',
    };

    async function openBank() {
      const days = await openDays();
      const { world, one } = days;
      const bank = { channel: `${one.channel}-bank`, merchantNo: '770001' };
      const { channels } = tables;
      const value = { channel: one.channel, merchantNo: one.merchantNo, bank, daysToArrive: 2, tolerance: 0 };
      const entry = { kind: 'arrival-rules', id: one.channel, version: 1, changedBy: 'tests', changedAt: '' };
      const item = { pk: 'ARRIVAL_RULES', sk: `arrival-rules#${one.channel}`, ...entry, value: JSON.stringify(value) };
      await channels.client.send(new PutItemCommand({ TableName: channels.name, Item: toItem(item) }));
      return { world, one, bankDay: { ...bank, date: second } };
    }

    const differencesAt = async (world: World, day: StatementDay) =>
      (await differencesOfDay(world.dependencies.table, day)).map(({ facts, state }) => [facts.type, state]);

    test('come together where the bank is first: its day is worked on again, and its case is gone', async () => {
      const { world, one, bankDay } = await openBank();
      await world.receiveOf(bankDay, 'bank');
      await world.reconcileLeft(bankDay, 1, { lines: [credit] });
      expect(await differencesAt(world, bankDay)).toEqual([['missing_in_books', 'open']]);
      await world.receiveOf(one, 'channel');
      await world.reconcileLeft(one, 1, { lines: [settlement] });
      expect(await readRerunRequest(world.dependencies.table, bankDay)).toMatchObject({ cause: 'settlement_told' });
      expect(await rerunAskedDay(world.dependencies, bankDay)).toMatchObject({ version: 2 });
      expect((await world.reconcileLeft(bankDay, 2, { lines: [credit] })).settled).toMatchObject({
        status: 'balanced',
      });
      expect(await differencesAt(world, bankDay)).toEqual([['missing_in_books', 'superseded']]);
      expect(await world.audit()).toEqual([]);
    });

    test('leave alone what is something else', async () => {
      const { world, one, bankDay } = await openBank();
      await world.receiveOf(bankDay, 'bank');
      await world.reconcileLeft(bankDay, 1, { lines: [{ ...credit, amount: 77n, remittance: 'A CUSTOMER' }] });
      await world.receiveOf(one, 'channel');
      await world.reconcileLeft(one, 1, { lines: [settlement] });
      expect(await readRerunRequest(world.dependencies.table, bankDay)).toBeUndefined();
    });
  });
});
