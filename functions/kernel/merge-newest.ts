/** One list, newest first, out of several that each are: a busy list is spread over partitions, and read as one. */

export interface Placed<Item> {
  /** sorts by time, and is nobody else's */
  readonly key: string;
  readonly item: Item;
}

export interface Stretch<Item> {
  /** newest first; may be fewer than were looked through, where there is a filter */
  readonly items: readonly Placed<Item>[];
  /** the last key that was looked at; absent at the end of the list */
  readonly lookedThrough?: string | undefined;
}

/** Reads on from a key, which itself is left out. */
export type ReadOn<Item> = (after: string) => Promise<Stretch<Item>>;

export interface Merged<Item> {
  readonly items: readonly Item[];
  /** where the next page begins; absent at the end */
  readonly continueAfter?: string;
}

interface Source<Item> {
  readonly readOn: ReadOn<Item>;
  waiting: readonly Placed<Item>[];
  /** everything newer has been looked at; absent once the list has ended */
  place: string | undefined;
}

/**
 * The newest items after a key. Each round reads on in those lists that might hold the next item; after `maximumRounds`
 * the page ends with what there is, so that a filter that matches little never takes for ever, and the next page goes on
 * from there.
 */
export async function mergeNewest<Item>(
  lists: readonly ReadOn<Item>[],
  { after, limit, maximumRounds }: { readonly after: string; readonly limit: number; readonly maximumRounds: number },
): Promise<Merged<Item>> {
  const sources = lists.map((readOn): Source<Item> => ({ readOn, waiting: [], place: after }));
  const found: Placed<Item>[] = [];
  for (let round = 1; ; round++) {
    takeNewest(sources, found, limit);
    const last = found.at(-1);
    // one more than asked for tells that there are more
    if (found.length > limit) {
      const items = found.slice(0, limit);
      return { items: items.map(({ item }) => item), continueAfter: items.at(-1)?.key ?? last?.key ?? after };
    }
    const open = sources.filter(({ waiting, place }) => waiting.length === 0 && place !== undefined);
    if (open.length === 0) return { items: found.map(({ item }) => item) };
    if (round > maximumRounds) {
      return { items: found.map(({ item }) => item), continueAfter: newestPlace(open) ?? after };
    }
    await Promise.all(open.map(readOn));
  }
}

/** Takes items while no list that has yet to be read on could hold a newer one. */
function takeNewest<Item>(sources: readonly Source<Item>[], found: Placed<Item>[], limit: number): void {
  while (found.length <= limit) {
    const unknownBefore = newestPlace(sources.filter(({ waiting }) => waiting.length === 0)) ?? '';
    let newest: Source<Item> | undefined;
    for (const source of sources) {
      const [head] = source.waiting;
      if (head && head.key >= unknownBefore && (!newest?.waiting[0] || head.key > newest.waiting[0].key))
        newest = source;
    }
    const [head, ...rest] = newest?.waiting ?? [];
    if (!newest || !head) return;
    found.push(head);
    newest.waiting = rest;
  }
}

const newestPlace = <Item>(sources: readonly Source<Item>[]): string | undefined =>
  sources
    .flatMap(({ place }) => place ?? [])
    .sort()
    .at(-1);

async function readOn<Item>(source: Source<Item>): Promise<void> {
  const { items, lookedThrough } = await source.readOn(source.place ?? '');
  source.waiting = items;
  source.place = lookedThrough;
}
