/** The index `by-day` of the ledger's table: the entries that moved something on a business day. */
import type { AccountingDate } from '../../kernel/clock.ts';
import { queryItems, type Table } from '../../kernel/table.ts';
import { dayKey, type Owner, placeAfter, placesOf } from '../business-day.ts';
import type { Entry } from '../entry.ts';
import { entryFromItem } from '../entry-store.ts';

export const dayIndex = 'by-day';

export interface DayShard {
  readonly day: AccountingDate;
  /** 0 to `dayShards` − 1 */
  readonly shard: number;
  /** of one owner only */
  readonly owner?: Owner | undefined;
}

const pageSize = 500;

/**
 * One shard of a day in the order of owner, account, slot and number. A page is held at a time. Half a read unit per
 * 4 KiB, some seven entries. The index is eventually consistent: an entry of a moment ago may be missing.
 */
export async function* entriesOfDay(table: Table, { day, shard, owner }: DayShard): AsyncGenerator<Entry, void> {
  let [first] = placesOf(owner);
  const [, last] = placesOf(owner);
  for (;;) {
    const items = await queryItems(table, {
      index: dayIndex,
      keys: '#day = :day AND dayPlace BETWEEN :first AND :last',
      names: { '#day': 'day' },
      values: { ':day': dayKey(day, shard), ':first': first, ':last': last },
      limit: pageSize,
    });
    for (const { day: _, dayPlace: __, ...entry } of items) yield entryFromItem(entry);
    if (items.length < pageSize) return;
    first = placeAfter(String(items.at(-1)?.['dayPlace']));
  }
}
