/** Merges sorted streams into one; of equal places the earlier stream comes first. One item of each is held. */
export async function* mergeSorted<Item>(
  streams: readonly AsyncIterable<Item>[],
  placeOf: (item: Item) => string,
): AsyncGenerator<Item, void> {
  const readers = streams.map((stream) => stream[Symbol.asyncIterator]());
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  for (;;) {
    let least: { readonly index: number; readonly place: string; readonly item: Item } | undefined;
    for (const [index, head] of heads.entries()) {
      if (head.done) continue;
      const place = placeOf(head.value);
      if (!least || place < least.place) least = { index, place, item: head.value };
    }
    if (!least) return;
    yield least.item;
    const next = await readers[least.index]?.next();
    if (next) heads[least.index] = next;
  }
}
