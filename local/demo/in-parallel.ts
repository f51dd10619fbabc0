import { availableParallelism } from 'node:os';

/** The emulator runs every function on this machine: more calls at a time than it has hands only wait for each other. */
const atOnce = Math.min(8, 2 * availableParallelism());

/** Does `work` for every item, a few at a time; the results are in the order of the items. The first error ends it. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const remaining = items.entries();
  const worker = async () => {
    for (const [index, item] of remaining) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
