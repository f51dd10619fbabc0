/** Lists of cases over all days, from the two indexes that `difference-store.ts` describes. */
import type { Severity } from '../../channels/index.ts';
import type { Scope } from '../../kernel/caller.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import { type Item, queryItems, type Table } from '../../kernel/table.ts';
import { differenceFromItem } from '../difference-store.ts';
import type { DifferenceType } from '../difference-types.ts';
import type { Difference } from './case.ts';
import { type DifferenceState, inSuspense } from './case-states.ts';

export interface CaseFilter {
  /** left out: what is in suspense */
  readonly status?: Exclude<DifferenceState, 'found'> | undefined;
  readonly type?: DifferenceType | undefined;
  readonly channel?: string | undefined;
  readonly merchantNo?: string | undefined;
  /** as it is shown: an overdue case counts as one of the next */
  readonly severity?: Severity | undefined;
  readonly overdue?: boolean | undefined;
  readonly settlementAccountId?: AccountId | undefined;
}

export interface CaseListRequest extends PageRequest {
  readonly scope: Scope;
  readonly filter: CaseFilter;
  readonly now: Date;
}

/**
 * What is in suspense by its due time, the next one first; what is closed by when it changed last, the newest first. Half a read
 * unit per 4 KiB of what the owner has there, matching or not: about two cases.
 */
export async function listCases(
  table: Table,
  { scope, filter, now, limit, after }: CaseListRequest,
): Promise<Page<Difference>> {
  const open = filter.status === undefined || inSuspense(filter.status);
  const { first, last } = open ? openRange(filter, now) : { first: 'closed#', last: 'closed#~' };
  const [index, owner, ownerId] =
    scope === 'everyone' ? ['by-listing', 'listing', 'all'] : ['by-institution', 'institutionId', scope];
  // the item that the page begins after is read again, since BETWEEN holds its ends
  const from = open && after !== undefined ? after : first;
  const to = !open && after !== undefined ? after : last;
  if (to < from) return { items: [], nextCursor: null };
  const conditions = conditionsOf(filter, now, open);
  const items = await queryItems(table, {
    index,
    keys: `${owner} = :owner AND listKey BETWEEN :from AND :to`,
    ...(conditions.expressions.length > 0 && { filter: conditions.expressions.join(' AND ') }),
    ...(conditions.names && { names: conditions.names }),
    values: { ':owner': ownerId, ':from': from, ':to': to, ...conditions.values },
    limit: limit + 2,
    newestFirst: !open,
  });
  const found = items.filter((item) => item['listKey'] !== after);
  const places = new Map(found.map((item) => [differenceFromItem(item), String(item['listKey'])]));
  return pageOf([...places.keys()], limit, (difference) => places.get(difference) ?? '');
}

/** A due time is part of the key. */
function openRange({ overdue }: CaseFilter, now: Date): { readonly first: string; readonly last: string } {
  const at = `case#${now.toISOString()}`;
  if (overdue === undefined) return { first: 'case#', last: 'case#~' };
  return overdue ? { first: 'case#', last: `${at}~` } : { first: `${at}~`, last: 'case#~' };
}

function conditionsOf(filter: CaseFilter, now: Date, open: boolean) {
  const { status, type, severity, channel, merchantNo, settlementAccountId } = filter;
  const equal = Object.entries({ channel, merchantNo, settlementAccountId }).filter(([, value]) => value !== undefined);
  const expressions = equal.map(([name]) => `${name} = :${name}`);
  const values: Item = Object.fromEntries(equal.map(([name, value]) => [`:${name}`, value]));
  const names: Record<string, string> = {};
  if (type !== undefined) {
    expressions.push('facts.#type = :type');
    names['#type'] = 'type';
    values[':type'] = type;
  }
  if (status !== undefined) {
    expressions.push('#state = :state');
    names['#state'] = 'state';
    values[':state'] = status;
  }
  if (severity !== undefined) {
    expressions.push(open ? raisedIs[severity] : 'severity = :severity');
    values[':severity'] = severity;
    if (open) values[':now'] = now.toISOString();
    if (open && severity !== 'low') values[':below'] = severity === 'high' ? 'medium' : 'low';
  }
  return { expressions, values, ...(Object.keys(names).length > 0 && { names }) };
}

/** The shown severity, from the stored one and the due time. */
const raisedIs: Readonly<Record<Severity, string>> = {
  low: '(severity = :severity AND dueAt > :now)',
  medium: '((severity = :severity AND dueAt > :now) OR (severity = :below AND dueAt <= :now))',
  high: '(severity = :severity OR (severity = :below AND dueAt <= :now))',
};
