/** What operators see of the configuration: what is stored, and what is built in and not overlaid. */
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { AdapterOperation } from '../channel-adapter.ts';
import { type Channels, operationsOf } from '../channels.ts';
import { findEntry, listEntries, type StoredEntry } from './configuration-store.ts';
import type { KindName } from './kinds/kind-names.ts';
import { kinds } from './kinds/kinds.ts';

/** Built-in ones are of version 0, and nobody has changed them. */
export interface ShownEntry extends Omit<StoredEntry, 'changedBy' | 'changedAt'> {
  readonly changedBy?: string;
  readonly changedAt?: string;
  /** of a channel: what its adapter can do, none where this stage lacks it */
  readonly operations?: readonly AdapterOperation[];
}

type Source = Pick<Channels, 'table' | 'adapters' | 'builtIn'>;

/** In ascending order of the ids. 1 read unit per 4 KiB. */
export async function listConfiguration(
  source: Source,
  kind: KindName,
  { limit, after }: PageRequest,
): Promise<Page<ShownEntry>> {
  const stored = await listEntries(source.table, kind, { limit: limit + 1, after });
  const overlaid = new Set(stored.map(({ id }) => id));
  const builtIn = source.builtIn
    .filter((entry) => entry.kind === kind && (after === undefined || entry.id > after) && !overlaid.has(entry.id))
    .map((entry) => ({ ...entry, version: 0 }));
  const entries = [...stored, ...builtIn].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return pageOf(
    entries.map((entry) => show(source, entry)),
    limit,
    ({ id }) => id,
  );
}

/** 1 read unit. */
export async function readEntry(
  source: Source,
  kind: KindName,
  id: string,
): Promise<ShownEntry | Refusal<'not_found'>> {
  const stored = await findEntry(source.table, kind, id);
  const builtIn = source.builtIn.find((entry) => entry.kind === kind && entry.id === id);
  const found = stored ?? (builtIn && { ...builtIn, version: 0 });
  return found ? show(source, found) : refuse('not_found', `There is no ${id} among the ${kind}.`);
}

/** An entry as it is answered. */
export function show(source: Source, entry: ShownEntry): ShownEntry {
  if (entry.kind !== 'channels') return entry;
  const { adapter } = kinds.channels.read(entry.id, entry.value);
  return { ...entry, operations: operationsOf(source, adapter) ?? [] };
}
