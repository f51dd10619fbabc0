/** `POSTING#<id>` / `REVERSAL#<n>`: what was taken back of a posting, numbered 1, 2, 3 … so that two can't both be the last. */
import * as z from 'zod';
import type { AccountId, PostingId } from '../kernel/ids.ts';
import { currencySchema } from '../kernel/money.ts';
import { type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { Move } from './posting.ts';
import { postingKey } from './posting-store.ts';

export interface Reversal {
  /** the posting that is corrected */
  readonly original: PostingId;
  /** 1 for its first reversal, one more for each */
  readonly number: number;
  readonly postingId: PostingId;
  readonly moves: readonly Move[];
}

const prefix = 'REVERSAL#';
const reversalKey = (original: PostingId, number: number) => ({
  pk: postingKey(original).pk,
  sk: `${prefix}${String(number).padStart(6, '0')}`,
});

const reversalSchema = z.object({
  pk: z.string().startsWith('POSTING#'),
  sk: z.string().startsWith(prefix),
  postingId: z.string().transform((id) => id as PostingId), // we wrote it
  moves: z.array(
    z.object({
      accountId: z.string().transform((id) => id as AccountId), // we wrote it
      currency: currencySchema,
      available: z.bigint(),
      frozen: z.bigint(),
      fees: z.bigint(),
    }),
  ),
});

/** Broken where another reversal of the same number stands: 2 write units. */
export const putReversal = (table: Table, reversal: Reversal): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem(itemFromReversal(reversal)),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

/** The reversals of a posting, first to last: 1 read unit per 4 KiB, some ten of them. */
export async function getReversals(table: Table, original: PostingId): Promise<Reversal[]> {
  const items = await queryItems(table, {
    keys: 'pk = :posting AND begins_with(sk, :prefix)',
    values: { ':posting': postingKey(original).pk, ':prefix': prefix },
  });
  return items.map(reversalFromItem);
}

export const isReversalItem = (item: Item): boolean => String(item['sk']).startsWith(prefix);

export const itemFromReversal = ({ original, number, postingId, moves }: Reversal): Item => ({
  ...reversalKey(original, number),
  postingId,
  moves,
});

/** @throws ZodError for an item that is no reversal */
export function reversalFromItem(item: Item): Reversal {
  const { pk, sk, postingId, moves } = reversalSchema.parse(item);
  return {
    original: pk.slice('POSTING#'.length) as PostingId, // we wrote it
    number: Number(sk.slice(prefix.length)),
    postingId,
    moves,
  };
}
