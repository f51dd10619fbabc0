import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { addDays } from '../../functions/kernel/clock.ts';
import { readBatch } from '../../functions/reconciliation/batch-store.ts';
import { readPool } from '../../functions/reconciliation/carry-store.ts';
import { cancelBatch } from '../../functions/reconciliation/operations/batch-state-store.ts';
import { reconciliationView } from '../../functions/reconciliation/reconciliation-view.ts';
import { rerunAskedDay, rerunAskedDays, rerunStatement } from '../../functions/reconciliation/rerun.ts';
import { askRerunWrite, readRerunRequest } from '../../functions/reconciliation/rerun-request-store.ts';
import { reconciliationIdOf } from '../../functions/reconciliation/statement-key.ts';
import { engines } from '../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from './reconciled-world.ts';
import { expectation, type Row, rowOf } from './sample-day.ts';

const morning = expectation({ channelOrderNo: 'O1', channelTradeNo: 'T1', amount: 1_000n });
const evening = expectation({ channelOrderNo: 'O2', channelTradeNo: 'T2', amount: 2_000n });

describe.each(engines)('a file that comes before its day is over, on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  /** A world at noon of the statement's day, in the channel's time zone, and what the clock does there. */
  async function openNoon() {
    let now = new Date('2026-03-01T04:00:00Z');
    const world = await openWorld(tables, randomUUID().slice(0, 8), () => now);
    return {
      world,
      at: (time: string) => {
        now = new Date(time);
      },
    };
  }

  async function reconcileVersion(world: World, version: number, rows: readonly Row[], own = [morning]) {
    const run = await world.lay(version, rows, own);
    await world.conclude(run);
    await world.handle(run);
    return world.settle(run);
  }

  const batchOf = (world: World, version: number) =>
    readBatch(world.dependencies.table, reconciliationIdOf(world.series, version));

  test('is reconciled and shown, and settles nothing: the whole file does', async () => {
    const { world, at } = await openNoon();
    await world.book([morning]);
    await world.receive('half');
    expect(await reconcileVersion(world, 1, [rowOf(morning)])).toMatchObject({
      status: 'differing',
      openDifferences: 0,
    });
    expect(await batchOf(world, 1)).toMatchObject({
      obstacles: ['day_not_over'],
      conclusion: { lines: { matched: 1 } },
    });
    expect(await world.money()).toMatchObject({ reconciled: 0n });

    at('2026-03-02T02:00:00Z');
    await world.book([evening], 'evening');
    await world.receive('whole');
    const whole = [morning, evening];
    expect(await reconcileVersion(world, 2, whole.map(rowOf), whole)).toMatchObject({ status: 'balanced' });
    // what was asked for is done by that
    at('2026-03-02T05:00:00Z');
    expect(await rerunAskedDay(world.dependencies, world.series)).toBeUndefined();
    expect((await batchOf(world, 2))?.obstacles).toBeUndefined();
    expect(await world.audit()).toEqual([]);
  });

  test('settles by itself at the next noon where no other came and it was the whole one', async () => {
    const { world, at } = await openNoon();
    await world.book([morning]);
    await world.receive('whole already');
    await reconcileVersion(world, 1, [rowOf(morning)]);
    at('2026-03-02T03:59:00Z');
    expect(await rerunAskedDay(world.dependencies, world.series)).toBeUndefined();
    at('2026-03-02T04:00:01Z');
    const started = (await rerunAskedDays(world.dependencies)).filter(({ series }) => series === world.series);
    expect(started.length).toBeLessThanOrEqual(1);
    // told once more while that one is at work, it finds it
    expect(await rerunAskedDay(world.dependencies, world.series)).toMatchObject({
      version: 2,
      startedBy: 'day_is_over',
    });
    const again = await batchOf(world, 2);
    expect(again && reconciliationView(again)).toMatchObject({
      rerunOf: reconciliationIdOf(world.series, 1),
      rerunBecause: 'day_is_over',
    });
    expect(await reconcileVersion(world, 2, [rowOf(morning)])).toMatchObject({ status: 'balanced' });
    expect(await rerunAskedDay(world.dependencies, world.series)).toBeUndefined();
    expect((await rerunAskedDays(world.dependencies)).map(({ series }) => series)).not.toContainEqual(world.series);
  });

  test('is waited for by the day after: what may be in the rest of it is no difference yet', async () => {
    const { world, at } = await openNoon();
    await world.receive('half');
    await reconcileVersion(world, 1, [], []);
    at('2026-03-03T02:00:00Z');
    const next = { ...world.series, date: addDays(world.series.date, 1) };
    const early = expectation({
      channelOrderNo: 'O3',
      channelTradeNo: 'T3',
      completedAt: new Date('2026-03-01T16:01:00Z'),
    });
    await world.book([early]);
    await world.receiveOf(next, 'next');
    const { settled } = await world.reconcileLeft(next, 1, { lines: [], expectations: [early] });
    expect(settled).toMatchObject({ status: 'balanced', openDifferences: 0 });
    expect(await readPool(world.dependencies.table, next, 1)).toMatchObject([{ side: 'own', origin: next.date }]);
  });

  test('is worked on once where another day asks for it, and again when it is over', async () => {
    const { world, at } = await openNoon();
    const { dependencies, series } = world;
    await world.book([morning]);
    await world.receive('half');
    await reconcileVersion(world, 1, [rowOf(morning)]);
    at('2026-03-01T05:00:00Z');
    const asked = { day: series, cause: 'line_withdrawn', afterVersion: 1, notBefore: dependencies.clock() } as const;
    await dependencies.commit([askRerunWrite(dependencies.table, asked)]);
    expect(await rerunAskedDay(dependencies, series)).toMatchObject({ version: 2, startedBy: 'line_withdrawn' });
    await reconcileVersion(world, 2, [rowOf(morning)]);
    expect(await rerunAskedDay(dependencies, series)).toBeUndefined();
    expect(await readRerunRequest(dependencies.table, series)).toMatchObject({
      cause: 'day_is_over',
      afterVersion: 2,
      notBefore: new Date('2026-03-02T04:00:00Z'),
    });
    at('2026-03-02T04:00:01Z');
    expect(await rerunAskedDay(dependencies, series)).toMatchObject({ version: 3, startedBy: 'day_is_over' });
    expect(await reconcileVersion(world, 3, [rowOf(morning)])).toMatchObject({ status: 'balanced' });
  });

  test('is worked on again at once where that was asked while it was at work', async () => {
    const { world, at } = await openNoon();
    const { dependencies, series } = world;
    await world.book([morning]);
    await world.receive('half');
    const run = await world.lay(1, [rowOf(morning)], [morning]);
    await world.conclude(run);
    const asked = { day: series, cause: 'line_withdrawn', afterVersion: 1, notBefore: dependencies.clock() } as const;
    await dependencies.commit([askRerunWrite(dependencies.table, asked)]);
    await world.handle(run);
    await world.settle(run);
    at('2026-03-01T04:01:00Z');
    expect(await rerunAskedDay(dependencies, series)).toMatchObject({ version: 2, startedBy: 'line_withdrawn' });
  });

  test('does not settle at the next noon where our books hold more than it', async () => {
    const { world, at } = await openNoon();
    await world.book([morning]);
    await world.receive('half');
    await reconcileVersion(world, 1, [rowOf(morning)]);
    await world.book([evening], 'evening');
    at('2026-03-02T04:00:01Z');
    await rerunAskedDay(world.dependencies, world.series);
    expect(await reconcileVersion(world, 2, [rowOf(morning)], [morning, evening])).toMatchObject({
      status: 'differing',
      openDifferences: 1,
    });
    expect((await batchOf(world, 2))?.obstacles).toEqual(['open_differences']);
  });

  test('is worked on again where the channel sends the same once the day is over', async () => {
    const { world, at } = await openNoon();
    await world.book([morning]);
    await world.receive('whole');
    await reconcileVersion(world, 1, [rowOf(morning)]);
    at('2026-03-02T02:00:00Z');
    const { channel, merchantNo, date } = world.series;
    const again = await world.receive('whole', `statements/${channel}/${merchantNo}/${date}/again.csv`);
    expect(again).toMatchObject({ outcome: 'started' });
    expect(await reconcileVersion(world, 2, [rowOf(morning)])).toMatchObject({ status: 'balanced' });
  });

  test('and was cancelled is no file to work on again: an operator starts it anew by name', async () => {
    const { world } = await openNoon();
    await world.receive('wrong');
    const id = reconciliationIdOf(world.series, 1);
    const cancelled = { by: 'operator:olga', at: new Date(0), reason: 'of another day' } as Parameters<
      typeof cancelBatch
    >[2];
    expect(await cancelBatch(world.dependencies.table, id, cancelled)).toBe(true);
    expect(await rerunStatement(world.dependencies, { id, operationId: ulid() })).toMatchObject({
      refused: 'reconciliation_cancelled',
    });
  });
});
