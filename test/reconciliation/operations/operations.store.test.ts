import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { readBatch } from '../../../functions/reconciliation/batch-store.ts';
import { differencesOfDay } from '../../../functions/reconciliation/difference-store.ts';
import { noteFault, noteRedriven } from '../../../functions/reconciliation/operations/batch-state-store.ts';
import { cancelReconciliation } from '../../../functions/reconciliation/operations/cancel-reconciliation.ts';
import type { ExecutionState, Executions } from '../../../functions/reconciliation/operations/executions.ts';
import {
  holdOffCancellation,
  ReconciliationCancelled,
} from '../../../functions/reconciliation/operations/hold-off-cancellation.ts';
import { redriveReconciliation } from '../../../functions/reconciliation/operations/redrive-reconciliation.ts';
import { quarantineStatement } from '../../../functions/reconciliation/quarantine-statement.ts';
import { reject } from '../../../functions/reconciliation/rejection.ts';
import { executionNameOf, reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';
import { engines } from '../../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from '../reconciled-world.ts';
import { expectation, rowOf } from '../sample-day.ts';

const expectations = [1, 2, 3].map((number) =>
  expectation({ channelOrderNo: `O${number}`, channelTradeNo: `T${number}`, amount: BigInt(number) * 1_000n }),
);
const rows = expectations.map(rowOf);
const wrongRows = rows.map((row, index) => (index === 0 ? { ...row, amount: row.amount + 100n } : row));

/** Executions as a stage has them whose Step Functions can redrive, or can't. */
function executionsThat(redrive: 'redriven' | 'impossible') {
  const stopped: string[] = [];
  const started: { name: string; input: unknown }[] = [];
  const states = new Map<string, ExecutionState>();
  const executions: Executions = {
    start: async (execution) => {
      started.push(execution);
    },
    stop: async (name) => {
      stopped.push(name);
    },
    redrive: async () => redrive,
    stateOf: async (name) => states.get(name) ?? 'failed',
    lastEntered: async () => undefined,
  };
  return { executions, stopped, started, states };
}

describe.each(engines)('operations of reconciliation on $name', (engine) => {
  let tables: Tables;

  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  const open = async () => {
    const world = await openWorld(tables, randomUUID().slice(0, 8));
    await world.book(expectations);
    return world;
  };
  const idOf = (world: World, version: number) => reconciliationIdOf(world.series, version);
  const statusOf = async (world: World, version: number) =>
    (await readBatch(world.dependencies.table, idOf(world, version)))?.status;
  const post = async (world: World, version: number, lines = rows) => {
    const run = await world.lay(version, lines, expectations);
    await world.conclude(run);
    await holdOffCancellation(world.dependencies, run);
    await world.handle(run);
    return world.settle(run);
  };
  const cancel = (world: World, version: number, { executions } = executionsThat('redriven')) => {
    const needs = { ...world.dependencies, executions };
    return cancelReconciliation(needs, { id: idOf(world, version), by: 'operator:olga', reason: 'the wrong file' });
  };

  describe('cancelling', () => {
    test('frees the day for the next version, and leaves nothing behind', async () => {
      const world = await open();
      await world.receive('one');
      const run = await world.lay(1, wrongRows, expectations);
      const stage = executionsThat('redriven');
      expect(await cancel(world, 1, stage)).toMatchObject({
        status: 'cancelled',
        cancellation: { by: 'operator:olga', reason: 'the wrong file' },
      });
      expect(stage.stopped).toEqual([executionNameOf(world.series, 1)]);
      // a step that runs on for a moment comes to nothing
      await expect(world.conclude(run)).rejects.toThrow(ReconciliationCancelled);
      await expect(holdOffCancellation(world.dependencies, run)).rejects.toThrow(ReconciliationCancelled);
      expect(await differencesOfDay(world.dependencies.table, world.series)).toEqual([]);
      expect(await world.fail(1)).toBe(false);

      await world.receive('two');
      expect(await post(world, 2)).toMatchObject({ status: 'balanced' });
      expect(await world.audit()).toEqual([]);
    });

    test('is refused from the moment on in which it has taken its day, since others may see what it claims', async () => {
      const world = await open();
      await world.receive('one');
      await world.conclude(await world.lay(1, wrongRows, expectations));
      expect(await cancel(world, 1)).toMatchObject({ refused: 'already_posting' });
    });

    test('twice is the same, and the same content may come again', async () => {
      const world = await open();
      await world.receive('one');
      await cancel(world, 1);
      expect(await cancel(world, 1)).toMatchObject({ status: 'cancelled' });
      const again = await world.receive('one', `statements/${world.series.channel}/x/2026-03-02/again.csv`);
      expect(again).toMatchObject({ outcome: 'started' });
    });

    test('stays where the step that turns the file away comes late', async () => {
      const world = await open();
      await world.receive('one');
      await cancel(world, 1);
      const turnAway = (version: number) => {
        const { identified: _identified, ...run } = world.runOf(version);
        const conclusion = { rejection: reject('superseded', 'another came first') };
        return quarantineStatement(world.dependencies, { ...run, conclusion });
      };
      await turnAway(1);
      expect(await statusOf(world, 1)).toBe('cancelled');
      await expect(turnAway(9)).rejects.toThrow('not registered');
    });

    test('is refused once it has begun to post, and once it has ended', async () => {
      const world = await open();
      await world.receive('one');
      const run = await world.lay(1, rows, expectations);
      await world.conclude(run);
      await holdOffCancellation(world.dependencies, run);
      expect(await cancel(world, 1)).toMatchObject({ refused: 'already_posting' });
      await world.handle(run);
      await world.settle(run);
      expect(await cancel(world, 1)).toMatchObject({ refused: 'already_ended' });
      expect(await cancel(world, 9)).toMatchObject({ refused: 'not_found' });
    });
  });

  describe('redriving', () => {
    const redrive = (world: World, version: number, { executions }: ReturnType<typeof executionsThat>) =>
      redriveReconciliation({ ...world.dependencies, executions }, idOf(world, version));

    test('takes a failed batch up again, and lets it end balanced', async () => {
      const world = await open();
      await world.receive('one');
      await world.fail(1);
      expect(await redrive(world, 1, executionsThat('redriven'))).toMatchObject({ outcome: 'redriven' });
      expect(await statusOf(world, 1)).toBe('running');
      expect(await post(world, 1)).toMatchObject({ status: 'balanced' });
      expect(await redrive(world, 1, { ...executionsThat('redriven'), ...balancedStage() })).toMatchObject({
        refused: 'not_failed',
      });
    });

    test('starts another attempt where the execution can not be redriven, and hears no more of the first', async () => {
      const world = await open();
      await world.receive('one');
      await world.fail(1);
      const stage = executionsThat('impossible');
      const name = executionNameOf(world.series, 1, 2);
      expect(await redrive(world, 1, stage)).toMatchObject({ outcome: 'new_attempt' });
      expect(name).toBe(`${executionNameOf(world.series, 1)}-a2`);
      expect(stage.started).toMatchObject([{ name, input: { attempt: 2, version: 1 } }]);
      expect(await world.fail(1)).toBe(false);
      expect(await statusOf(world, 1)).toBe('running');
    });

    test('works on the file again as the next version where it had posted and nobody knows any more what', async () => {
      const world = await open();
      await world.receive('one');
      const first = await world.lay(1, wrongRows, expectations);
      await world.conclude(first);
      await world.handle(first);
      await world.fail(1);
      const stage = executionsThat('impossible');
      expect(await redrive(world, 1, stage)).toMatchObject({ outcome: 'new_version', batch: { version: 2 } });
      expect(await redrive(world, 1, stage)).toMatchObject({ outcome: 'new_version', batch: { version: 2 } });
      expect(await statusOf(world, 1)).toBe('failed');
      expect(new Set(stage.started.map(({ name }) => name))).toEqual(new Set([executionNameOf(world.series, 2)]));
      // our side has changed since: what was posted is reversed, and what is true now is posted
      const later = rows.map((row, index) => (index === 0 ? { ...row, amount: row.amount + 300n } : row));
      expect(await post(world, 2, later)).toMatchObject({ status: 'differing', openDifferences: 1 });
      const differences = await differencesOfDay(world.dependencies.table, world.series);
      expect(differences.map(({ state, facts }) => [state, facts.adjustment])).toEqual([
        ['superseded', 100n],
        ['open', 300n],
      ]);
      expect(await world.audit()).toEqual([]);
    });

    test('settles a day anew whose reports can not be written any more', async () => {
      const world = await open();
      await world.receive('one');
      await post(world, 1);
      const stage = executionsThat('impossible');
      expect(await redrive(world, 1, stage)).toMatchObject({ outcome: 'new_version' });
      expect(await post(world, 2)).toMatchObject({ status: 'balanced' });
      expect(await world.money()).toMatchObject({ pending: 0n });
      expect(await world.audit()).toEqual([]);
    });

    test('starts what was never started, and leaves alone what runs', async () => {
      const world = await open();
      await world.receive('one');
      const stage = executionsThat('redriven');
      const name = executionNameOf(world.series, 1);
      stage.states.set(name, 'never_started');
      expect(await redrive(world, 1, stage)).toMatchObject({ outcome: 'started' });
      expect(stage.started.map((each) => each.name)).toEqual([name]);
      stage.states.set(name, 'running');
      expect(await redrive(world, 1, stage)).toMatchObject({ refused: 'not_failed' });
    });

    test('is refused once a newer version came first', async () => {
      const world = await open();
      await world.receive('one');
      await world.fail(1);
      await world.receive('two');
      await post(world, 2);
      expect(await redrive(world, 1, executionsThat('redriven'))).toMatchObject({ refused: 'newer_version' });
    });

    test('by hand in the console is noted, in whatever order the news come', async () => {
      const world = await open();
      await world.receive('one');
      const { table } = world.dependencies;
      const id = idOf(world, 1);
      const news = (redrives: number) => ({ executionName: executionNameOf(world.series, 1), redrives });
      await noteFault(table, id, news(0));
      expect(await noteRedriven(table, id, news(1))).toBe(true);
      expect(await statusOf(world, 1)).toBe('running');
      // late news of the first failure
      expect(await noteFault(table, id, news(0))).toBe(false);
      expect(await noteFault(table, id, news(1))).toBe(true);
      expect(await noteRedriven(table, id, news(1))).toBe(false);
      expect(await statusOf(world, 1)).toBe('failed');
    });
  });
});

const balancedStage = () => {
  const stage = executionsThat('redriven');
  return { ...stage, executions: { ...stage.executions, stateOf: async () => 'succeeded' as const } };
};
