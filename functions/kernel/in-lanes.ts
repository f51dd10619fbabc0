/** Many calls side by side, but never more than a few at a time. */

/**
 * Works on every item, in `lanes` at most at once, and answers in the items' order.
 *
 * @throws AggregateError of all that went wrong, after every other item was worked on
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item, place: number) => Promise<Result>,
): Promise<Result[]> {
  const results = new Map<number, Result>();
  const faults: unknown[] = [];
  const waiting = items.entries();
  const runLane = async () => {
    for (const [place, item] of waiting) {
      try {
        results.set(place, await work(item, place));
      } catch (error) {
        faults.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, runLane));
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} of ${items.length} failed`);
  return items.map((_, place) => results.get(place) as Result); // none is missing, since none has failed
}
