/**
 * What operators have decided, one item a thing. What payments are judged by lies in one partition, so that one Query reads it.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `CONFIGURATION` | `<kind>#<id>` | kind, id, version, value (JSON text), changedBy, changedAt |
 * | `CARD_BINS` | `card-bins#<prefix>` | the same |
 * | `RECONCILIATION_POLICIES` | `reconciliation-policies#<id>` | the same |
 * | `STATEMENT_CALENDARS` | `statement-calendars#<id>` | the same |
 * | `STATEMENT_PROFILES` | `statement-profiles#<id>` | the same |
 * | `ARRIVAL_RULES` | `arrival-rules#<id>` | the same |
 */
import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { fromItem, getItem, type Item, type Key, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { type KindName, kindNames } from './kinds/kind-names.ts';

export interface StoredEntry {
  readonly kind: KindName;
  readonly id: string;
  /** the number of its last change */
  readonly version: number;
  /** as the kind's schema has it */
  readonly value: unknown;
  readonly changedBy: string;
  readonly changedAt: string;
}

const storedSchema = z.object({
  kind: z.enum(kindNames),
  id: z.string(),
  version: z.bigint().transform(Number),
  value: z.string().transform((text): unknown => JSON.parse(text)),
  changedBy: z.string(),
  changedAt: z.string(),
});

const fromStored = (item: Item): StoredEntry => storedSchema.parse(item);

/** Kinds that payments don't read, and of which there may be many. */
const ownPartitions: Readonly<Partial<Record<KindName, string>>> = {
  'card-bins': 'CARD_BINS',
  'reconciliation-policies': 'RECONCILIATION_POLICIES',
  'statement-calendars': 'STATEMENT_CALENDARS',
  'statement-profiles': 'STATEMENT_PROFILES',
  'arrival-rules': 'ARRIVAL_RULES',
};

const partitionOf = (kind: KindName): string => ownPartitions[kind] ?? 'CONFIGURATION';

const keyOf = (kind: KindName, id: string): Key => ({ pk: partitionOf(kind), sk: `${kind}#${id}` });

/** 1 read unit. */
export async function findEntry(table: Table, kind: KindName, id: string): Promise<StoredEntry | undefined> {
  const item = await getItem(table, keyOf(kind, id));
  return item && fromStored(item);
}

/** Everything but what has a partition of its own, in one Query: 1 read unit per 4 KiB. */
export async function readEntries(table: Table): Promise<readonly StoredEntry[]> {
  const items = await queryItems(table, { keys: 'pk = :pk', values: { ':pk': partitionOf('channels') } });
  return items.map(fromStored);
}

/** Of one kind, in ascending order of their ids. 1 read unit per 4 KiB. */
export async function listEntries(
  table: Table,
  kind: KindName,
  { limit, after }: { readonly limit?: number | undefined; readonly after?: string | undefined },
): Promise<readonly StoredEntry[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :first AND :last',
    values: {
      ':pk': partitionOf(kind),
      // no id holds a character below `!` or above `z`
      ':first': `${kind}#${after === undefined ? '' : `${after}!`}`,
      ':last': `${kind}#~`,
    },
    ...(limit !== undefined && { limit }),
  });
  return items.map(fromStored);
}

/** Those of these ids that there are, as they were a moment ago: half a read unit each. */
export async function findEntries(table: Table, kind: KindName, ids: readonly string[]): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  let Keys = ids.map((id) => toItem(keyOf(kind, id)));
  while (Keys.length > 0) {
    const answer = await table.client.send(new BatchGetItemCommand({ RequestItems: { [table.name]: { Keys } } }));
    for (const item of answer.Responses?.[table.name] ?? []) found.push(fromStored(fromItem(item)));
    Keys = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return found;
}

/** Compare-and-set on the version that is there, or on there being none. 2 write units per KiB. */
export const putEntryWrite = (table: Table, entry: StoredEntry, from: number | undefined): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({ ...keyOf(entry.kind, entry.id), ...entry, value: JSON.stringify(entry.value) }),
      ...stillAt(from),
    },
  });

export const deleteEntryWrite = (
  table: Table,
  { kind, id }: Pick<StoredEntry, 'kind' | 'id'>,
  from: number | undefined,
): Write => write({ Delete: { TableName: table.name, Key: toItem(keyOf(kind, id)), ...stillAt(from) } });

const stillAt = (version: number | undefined) =>
  version === undefined
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: toItem({ ':version': version }),
      };
