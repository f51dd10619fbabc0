import { encodeCursor, type Page } from '../kernel/page.ts';

/** A page from a list that was asked for one item more than fits: that one tells whether there are more. */
export function pageOf<Item>(found: readonly Item[], limit: number, placeOf: (item: Item) => string): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null };
}
