/** Many processes that add to one number by compare-and-set, each addition under a name so that it counts once. */

import { fromItem, getItem, toItem } from '../../../functions/kernel/table.ts';
import { committer, write } from '../../../functions/kernel/write.ts';
import type { Client } from '../../../local/simulation/client.ts';
import type { Self } from '../../../local/simulation/scheduler.ts';

const name = 'counter';
export const definition = { name };
const key = { pk: 'COUNTER', sk: 'COUNTER' };

/** Adds one, whatever goes wrong on the way; safe to be called again with the same name. */
export async function addOne(client: Client, self: Self, addition: string): Promise<void> {
  const table = { client, name };
  const commit = committer(client, { random: self.random, sleepMs: self.sleepMs });
  const marker = { pk: addition, sk: 'ADDED' };
  for (;;) {
    if (await getItem(table, marker)) return;
    const found = await getItem(table, key);
    const before = found === undefined ? 0n : BigInt(String(found['total']));
    const { committed } = await commit([
      write({ Put: { TableName: name, Item: toItem(marker), ConditionExpression: 'attribute_not_exists(pk)' } }),
      write({
        Update: {
          TableName: name,
          Key: toItem(key),
          UpdateExpression: 'SET total = :after',
          ConditionExpression: before === 0n ? 'attribute_not_exists(pk)' : 'total = :before',
          ExpressionAttributeValues: toItem({ ':after': before + 1n, ...(before > 0n && { ':before': before }) }),
        },
      }),
    ]);
    if (committed) return;
  }
}

/** @returns the number, and how many additions it stands for */
export function countOf(items: Iterable<Parameters<typeof fromItem>[0]>): { total: number; additions: number } {
  const all = [...items].map(fromItem);
  const total = all.find((item) => item['pk'] === key.pk)?.['total'] ?? 0n;
  return { total: Number(total), additions: all.filter((item) => item['sk'] === 'ADDED').length };
}
