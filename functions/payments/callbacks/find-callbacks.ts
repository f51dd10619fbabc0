/** Messages of channels, for operators. */

import type { CallbackId } from '../../kernel/ids.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import type { Callback, CallbackState, RawMessage } from './callback.ts';
import { listCallbacks, readCallback, readMessage } from './callback-store.ts';

interface Store {
  readonly table: Table;
}

/** Newest first. 1 read unit for each. What has left the state in this moment is left out. */
export async function findCallbacks(
  { table }: Store,
  { state, limit, after }: PageRequest & { readonly state: Exclude<CallbackState, 'handled'> },
): Promise<Page<Callback>> {
  const listed = await listCallbacks(table, { state, until: after, limit: limit + 1, newestFirst: true });
  const page = pageOf(listed, limit, ({ createdKey }) => createdKey);
  const found = await inLanes(page.items, 10, ({ id }) => readCallback(table, id));
  const items = found.filter((callback) => callback !== undefined).filter((callback) => callback.state === state);
  return { items, nextCursor: page.nextCursor };
}

/** With what came over the line. */
export async function findCallback(
  { table }: Store,
  id: CallbackId,
): Promise<{ readonly callback: Callback; readonly message: RawMessage } | Refusal<'not_found'>> {
  const [callback, message] = await Promise.all([readCallback(table, id), readMessage(table, id)]);
  return callback && message ? { callback, message } : refuse('not_found', 'There is no such message.');
}
