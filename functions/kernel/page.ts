/** Lists answer `{ items, nextCursor }`. A cursor is opaque to callers and carries only a place inside their own list. */
import * as z from 'zod';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageRequest {
  /** at most this many items, 1 to 200 */
  readonly limit: number;
  /** the sort key after which the page begins */
  readonly after?: string;
}

export const encodeCursor = (after: string): string => Buffer.from(after, 'utf8').toString('base64url');

const cursorSchema = z
  .string()
  .max(500)
  .regex(/^[A-Za-z0-9_-]+$/, 'is no cursor of ours')
  .transform((text) => Buffer.from(text, 'base64url').toString('utf8'))
  .refine((place) => place !== '', 'is no cursor of ours');

/** The query parameters `limit` and `cursor` of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'items on a page, at most' }),
  cursor: cursorSchema.optional().meta({ description: 'the nextCursor of the page before; left out: the first page' }),
};

/** The same of a list whose places look like this: anything else is no cursor of it. */
export const pageWithin = (place: RegExp) => ({
  ...pageQuery,
  cursor: pageQuery.cursor.refine((after) => after === undefined || place.test(after), 'is no cursor of this list'),
});

export const pageRequest = (query: { limit: number; cursor?: string | undefined }): PageRequest =>
  query.cursor === undefined ? { limit: query.limit } : { limit: query.limit, after: query.cursor };

export const pageSchema = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'the cursor of the next page; null after the last one' }),
  });

/** A page from a list that was asked for one item more than fits: that one tells whether there are more. */
export function pageOf<Item>(found: readonly Item[], limit: number, placeOf: (item: Item) => string): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: found.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null };
}
