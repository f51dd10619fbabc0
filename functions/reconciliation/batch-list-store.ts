/** Lists of reconciliations, newest day first, from the two indexes that `batch-store.ts` describes. */
import type { Scope } from '../kernel/caller.ts';
import type { AccountingDate } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { type Item, queryItems, type Table } from '../kernel/table.ts';
import type { Batch } from './batch.ts';
import { batchFromItem } from './batch-item.ts';
import type { BatchStatus } from './batch-status.ts';

export interface BatchFilter {
  readonly channel?: string | undefined;
  readonly merchantNo?: string | undefined;
  readonly date?: string | undefined;
  readonly status?: BatchStatus | undefined;
}

export interface BatchListRequest extends PageRequest {
  readonly scope: Scope;
  readonly filter: BatchFilter;
}

/** An institution's arrivals stand beside its batches in its index, under keys that begin with their day too. */
const areBatches = 'sk = :batch';
const batches = { ':batch': 'BATCH' };

/** Half a read unit per 4 KiB of what the index holds under the owner, matching or not; a date narrows it to its day. */
export async function listBatches(
  table: Table,
  { scope, filter, limit, after }: BatchListRequest,
): Promise<Page<Batch> & { readonly continueAfter?: string }> {
  const { date, ...others } = filter;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  // a list key begins with its date, `~` sorts behind every character of a key, and `:` behind every digit: cases are listed there
  const oldest = date ?? ' ';
  const newest = after ?? (date === undefined ? ':' : `${date}~`);
  // DynamoDB refuses an empty interval, which a cursor of another day makes
  if (newest < oldest) return { items: [], nextCursor: null };
  const [index, owner, ownerId] =
    scope === 'everyone' ? ['by-listing', 'listing', 'all'] : ['by-institution', 'institutionId', scope];
  const items = await queryItems(table, {
    index,
    keys: `${owner} = :owner AND listKey BETWEEN :oldest AND :newest`,
    filter: [areBatches, ...given.map(([name]) => `#${name} = :${name}`)].join(' AND '),
    ...(given.length > 0 && { names: Object.fromEntries(given.map(([name]) => [`#${name}`, name])) }),
    values: {
      ...batches,
      ':owner': ownerId,
      ':oldest': oldest,
      ':newest': newest,
      ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    } satisfies Item,
    // one more than asked for tells that there are more, and the one that the page begins after is read again
    limit: limit + 2,
    newestFirst: true,
  });
  const found = items.filter((item) => item['listKey'] !== after);
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(batchFromItem),
    nextCursor: null,
    ...(found.length > limit && last && { continueAfter: String(last['listKey']) }),
  };
}

export interface DaysRequest extends Pick<BatchFilter, 'channel' | 'merchantNo'> {
  readonly institutionId: InstitutionId;
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** All versions of an institution's statements of some days, in the order of the days. Half a read unit per 4 KiB, about two. */
export async function batchesOfDays(
  table: Table,
  { institutionId, from, to, limit, ...filter }: DaysRequest,
): Promise<Batch[]> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  const items = await queryItems(table, {
    index: 'by-institution',
    keys: 'institutionId = :owner AND listKey BETWEEN :from AND :to',
    filter: [areBatches, ...given.map(([name]) => `${name} = :${name}`)].join(' AND '),
    values: {
      ...batches,
      ':owner': institutionId,
      ':from': from,
      ':to': `${to}~`,
      ...Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
    },
    limit,
  });
  return items.map(batchFromItem);
}

/** Every version of some days, both included, as the index had them a moment ago. Half a read unit per 4 KiB. */
export async function batchesBetween(
  table: Table,
  { from, to }: { readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<readonly Batch[]> {
  const items = await queryItems(table, {
    index: 'by-listing',
    keys: 'listing = :listing AND listKey BETWEEN :from AND :to',
    values: { ':listing': 'all', ':from': from, ':to': `${to}~` },
  });
  return items.map(batchFromItem);
}
