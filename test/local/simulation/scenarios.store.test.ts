/** The same runs in front of a real engine: what the memory store keeps are DynamoDB's own rules. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { fromItem } from '../../../functions/kernel/table.ts';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import type { Database } from '../../../local/simulation/scenarios/database.ts';
import { runScenario } from '../../../local/simulation/scenarios/run.ts';
import { type TableName, tableDefinitions, tableNames } from '../../../local/simulation/scenarios/tables.ts';
import { createTable, type Engine, engines } from '../../support/engines.ts';

const seeds = [1, 2, 4];
const requests = 25;

describe.each(engines)('a scenario on $name', (engine) => {
  test.each(seeds)('goes as it goes in memory, to the last event and item (seed %i)', async (seed) => {
    const [inMemory, onEngine] = [memoryDatabase(), await engineDatabase(engine)];
    const expected = await runScenario({ seed, requests, database: inMemory });
    const found = await runScenario({ seed, requests, database: onEngine });
    expect(found.broken).toEqual([]);
    expect(found.history).toEqual(expected.history);
    for (const { name } of tableDefinitions) {
      expect(await textsOf(onEngine, name)).toEqual(await textsOf(inMemory, name));
    }
  });
});

/** Its indexes follow at once, as those of the engines do. */
function memoryDatabase(): Database {
  const memory = createMemoryStore(tableDefinitions);
  return {
    client: memory,
    nameOf: (table) => tableNames[table],
    itemsOf: async (table) => [...memory.items(table)],
  };
}

async function engineDatabase(engine: Engine): Promise<Database> {
  const client = engine.client();
  const names = new Map<TableName, string>();
  for (const { name, ...shape } of tableDefinitions) names.set(name, (await createTable(client, name, shape)).name);
  const nameOf = (table: TableName) => names.get(table) ?? table;
  return {
    client,
    nameOf,
    itemsOf: async (table) => {
      const page = await client.send(new ScanCommand({ TableName: nameOf(table), ConsistentRead: true }));
      if (page.LastEvaluatedKey) throw new Error(`${table} has more than a page`);
      return page.Items ?? [];
    },
  };
}

/** Sorted, since a scan has an order of its own. */
const textsOf = async ({ itemsOf }: Database, table: TableName): Promise<string[]> =>
  (await itemsOf(table)).map((item) => textOf(fromItem(item))).sort();

const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part === 'bigint') return `${part}`;
    if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
    return part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part;
  });
