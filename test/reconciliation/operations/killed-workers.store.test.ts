import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Table } from '../../../functions/kernel/table.ts';
import { readBatch } from '../../../functions/reconciliation/batch-store.ts';
import { differencesOfDay } from '../../../functions/reconciliation/difference-store.ts';
import type { PlannedRun } from '../../../functions/reconciliation/run.ts';
import { reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';
import { engines } from '../../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from '../reconciled-world.ts';
import { expectation, type Row, rowOf } from '../sample-day.ts';

const expectations = [1, 2, 3].map((number) =>
  expectation({ channelOrderNo: `O${number}`, channelTradeNo: `T${number}`, amount: BigInt(number) * 1_000n }),
);
const rows = expectations.map(rowOf);
/** one with another amount, one that we don't know, one that is missing */
const wrongRows: Row[] = rows.slice(0, 2).map((row, index) => ({
  ...row,
  ...(index === 0 ? { amount: row.amount + 100n } : { orderNo: 'O9', tradeNo: 'T9' }),
}));

class WorkerKilled extends Error {}

/** Also of several calls side by side, all of which it took with it. */
const isDeath = (error: unknown): boolean =>
  error instanceof AggregateError ? error.errors.every(isDeath) : error instanceof WorkerKilled;

/** A worker's connections: it is killed at the call of that number, before it reaches AWS or before its answer comes back. */
function mortality() {
  let callsLeft = Number.POSITIVE_INFINITY;
  let mode: 'before' | 'after' = 'before';
  return {
    killAt(call: number, when: typeof mode) {
      callsLeft = call;
      mode = when;
    },
    spare() {
      callsLeft = Number.POSITIVE_INFINITY;
    },
    /** One client seen through these connections. */
    through<Client extends { send: (...input: never[]) => Promise<unknown> }>(client: Client): Pick<Client, 'send'> {
      const send = async (...input: never[]) => {
        if (callsLeft < 0) throw new WorkerKilled();
        callsLeft -= 1;
        if (callsLeft < 0 && mode === 'before') throw new WorkerKilled();
        const answer = await client.send(...input);
        if (callsLeft < 0) throw new WorkerKilled();
        return answer;
      };
      return { send } as Pick<Client, 'send'>; // the same calls, one by one
    },
  };
}

type Mortality = ReturnType<typeof mortality>;

/** The same tables, reached by a worker that can be killed. */
function tablesOf({ client, ledger, channels, reconciliation, payments }: Tables, mortal: Mortality): Tables {
  const seen = mortal.through(client) as DynamoDBClient; // tests only send
  const through = (table: Table): Table => ({ ...table, client: seen });
  return {
    client: seen,
    ledger: through(ledger),
    channels: through(channels),
    reconciliation: through(reconciliation),
    payments: through(payments),
  };
}

describe.each(engines)('a worker that is killed at any call, again and again, on $name', (engine) => {
  let tables: Tables;

  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  /** What a day comes to: a file with mistakes, then the right one. */
  async function reconcileDay(world: World, perform: (step: () => Promise<unknown>) => Promise<void>) {
    await world.book(expectations);
    const ends: unknown[] = [];
    for (const [index, lines] of [wrongRows, rows].entries()) {
      const version = index + 1;
      await world.receive(`version ${version}`);
      const run: PlannedRun = await world.lay(version, lines, expectations);
      await perform(() => world.conclude(run));
      await perform(() => world.handle(run));
      await perform(() => world.settle(run));
      const { table } = world.dependencies;
      const batch = await readBatch(table, reconciliationIdOf(world.series, version));
      const differences = await differencesOfDay(table, world.series);
      ends.push({
        status: batch?.status,
        conclusion: batch?.conclusion,
        settled: batch?.settlement?.net,
        differences: differences.map(({ facts, state, openedIn }) => `${facts.type} ${state} since ${openedIn}`).sort(),
        money: await world.money(),
        audit: await world.audit(),
      });
    }
    return ends;
  }

  test.each(['before', 'after'] as const)(
    '%s it reaches AWS, leaves the same differences, totals and postings',
    async (when) => {
      const undisturbed = await openWorld(tables, randomUUID().slice(0, 8));
      const expected = await reconcileDay(undisturbed, async (step) => {
        await step();
      });
      expect(expected).toMatchObject([{ status: 'differing' }, { status: 'balanced', audit: [] }]);

      const mortal = mortality();
      const world = await openWorld(tablesOf(tables, mortal), randomUUID().slice(0, 8));
      Object.assign(world.dependencies.files, { client: mortal.through(world.dependencies.files.client) });
      let deaths = 0;
      const ends = await reconcileDay(world, async (step) => {
        for (let call = 0; ; call++) {
          mortal.killAt(call, when);
          try {
            await step();
            mortal.spare();
            return;
          } catch (error) {
            if (!isDeath(error)) throw error;
            deaths += 1;
          }
        }
      });
      expect(deaths).toBeGreaterThan(40);
      expect(ends).toEqual(expected);
    },
  );
});
