/** Query and Scan, a page at a time, and the projection of what is read. */
import type { AttributeValue, QueryCommandInput, ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { type Charge, readUnits, sizeOf } from './capacity.ts';
import { type Condition, isMet, pathsIn } from './condition.ts';
import { invalidRequest } from './exceptions.ts';
import { type Expressions, readExpressions } from './expressions.ts';
import { readKeyRange } from './key-range.ts';
import { type Bindings, nameOf, type Path } from './path.ts';
import type { Entry, Position, SortedEntries } from './sorted-entries.ts';
import { type KeyNames, type MemoryIndex, type MemoryTable, tieOf } from './table.ts';
import type { Attributes } from './value.ts';

export interface Page {
  readonly items: Attributes[];
  readonly scanned: number;
  readonly lastKey?: Record<string, AttributeValue>;
  readonly charge: Charge;
}

/** "A single Query operation can retrieve a maximum of 1 MB of data", counted before the filter. */
const maximumPageBytes = 1024 * 1024;

/** Items of one partition, in the order of the sort key. */
export function queryPage(table: MemoryTable, input: QueryCommandInput): Page {
  const expressions = readExpressions(input);
  const source = sourceOf(table, input);
  const { partition, hasBegun, isOver } = readKeyRange(expressions.keys, expressions.bindings, source.keyNames);
  if (expressions.filter) checkFilter(expressions.filter, expressions.bindings, source.keyNames);
  const entries = source.partitions.get(partition);
  const forward = input.ScanIndexForward !== false;
  const after = input.ExclusiveStartKey && readPosition(table, source, input.ExclusiveStartKey);
  const within = entries ? range(entries, { hasBegun, isOver, after: after?.position, forward }) : [];
  return readPage({ table, source, input, expressions, partition }, within);
}

/** "A filter expression cannot contain partition key or sort key attributes" of what is queried. */
function checkFilter(filter: Condition, bindings: Bindings, keyNames: KeyNames): void {
  for (const path of pathsIn(filter)) {
    const name = nameOf(String(path[0]), bindings);
    if (name === keyNames.partition || name === keyNames.sort) {
      throw invalidRequest(
        `Filter Expression can only contain non-primary key attributes: Primary key attribute: ${name}`,
      );
    }
  }
}

interface Range {
  readonly hasBegun: (sort: string) => boolean;
  readonly isOver: (sort: string) => boolean;
  readonly after?: Position | undefined;
  readonly forward: boolean;
}

function* range(entries: SortedEntries, { hasBegun, isOver, after, forward }: Range): Generator<Entry> {
  let low = entries.firstIndex((entry) => hasBegun(entry.sort));
  let high = entries.firstIndex((entry) => isOver(entry.sort));
  if (after && forward) low = Math.max(low, entries.indexBehind(after));
  if (after && !forward) high = Math.min(high, entries.indexOf(after));
  for (let read = 0; read < high - low; read++) {
    const entry = entries.at(forward ? low + read : high - 1 - read);
    if (entry) yield entry;
  }
}

/** All items; those of one partition key in one segment, beside each other and in order. */
export function scanPage(table: MemoryTable, input: ScanCommandInput): Page {
  const expressions = readExpressions(input);
  const source = sourceOf(table, input);
  const { Segment: segment = 0, TotalSegments: segments = 1 } = input;
  if (segment < 0 || segment >= segments) throw invalidRequest('The Segment parameter must be less than TotalSegments');
  const after = input.ExclusiveStartKey && readPosition(table, source, input.ExclusiveStartKey);
  return readPage(
    { table, source, input, expressions, partition: undefined },
    scanned(source, { segment, segments, after }),
  );
}

interface Segment {
  readonly segment: number;
  readonly segments: number;
  readonly after: PlacedPosition | undefined;
}

function* scanned(source: Source, { segment, segments, after }: Segment): Generator<Entry> {
  const start = after && { ...after, hash: hashOf(after.partition) };
  const ours = [...source.partitions]
    .map(([partition, entries]) => ({ partition, entries, hash: hashOf(partition) }))
    .filter(({ hash }) => hash % segments === segment)
    .filter(
      ({ partition, hash }) => !start || hash > start.hash || (hash === start.hash && partition >= start.partition),
    )
    .sort((one, other) => one.hash - other.hash || (one.partition < other.partition ? -1 : 1));
  const whole = { hasBegun: () => true, isOver: () => false, forward: true };
  for (const { partition, entries } of ours) {
    yield* range(entries, { ...whole, after: partition === start?.partition ? start.position : undefined });
  }
}

/** FNV-1a: any hash would do, DynamoDB's own is not known. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

type Source = MemoryTable | MemoryIndex;

function sourceOf(table: MemoryTable, input: QueryCommandInput | ScanCommandInput): Source {
  if (input.IndexName === undefined) return table;
  const index = table.indexes.get(input.IndexName);
  if (!index) throw invalidRequest(`The table does not have the specified index: ${input.IndexName}`);
  if (input.ConsistentRead) throw invalidRequest('Consistent reads are not supported on global secondary indexes');
  return index;
}

interface Reading {
  readonly table: MemoryTable;
  readonly source: Source;
  readonly input: QueryCommandInput | ScanCommandInput;
  readonly expressions: Expressions;
  readonly partition: string | undefined;
}

/** Limit and page size count what is read, not what passes the filter; a full page tells where it ended, even at the end. */
function readPage({ table, source, input, expressions, partition }: Reading, entries: Iterable<Entry>): Page {
  const { Limit: limit = Number.POSITIVE_INFINITY } = input;
  if (limit < 1)
    throw invalidRequest(
      "Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
  const { filter, projection, bindings } = expressions;
  const items: Attributes[] = [];
  let scanned = 0;
  let bytes = 0;
  let last: Attributes | undefined;
  for (const { item } of entries) {
    scanned += 1;
    bytes += sizeOf(item);
    if (!filter || isMet(filter, item, bindings)) items.push(projected(item, projection, bindings));
    if (scanned === limit || bytes >= maximumPageBytes) {
      last = item;
      break;
    }
  }
  return {
    items,
    scanned,
    ...(last && { lastKey: keyAttributes(last, table, source) }),
    charge: {
      table: table.name,
      index: source === table ? undefined : source.name,
      partition,
      readUnits: readUnits(bytes, input.ConsistentRead === true),
      writeUnits: 0,
    },
  };
}

const keyAttributes = (item: Attributes, ...sources: readonly Source[]): Record<string, AttributeValue> =>
  Object.fromEntries(
    sources
      .flatMap(({ keyNames: { partition, sort } }) => [partition, ...(sort === undefined ? [] : [sort])])
      .flatMap((name) => {
        const value = item[name];
        return value ? [[name, value]] : [];
      }),
  );

interface PlacedPosition {
  readonly partition: string;
  readonly position: Position;
}

/** @throws ValidationException for a start key that is none of this table or index */
function readPosition(table: MemoryTable, source: Source, key: Attributes): PlacedPosition {
  const text = (name: string | undefined): string => {
    const value = name === undefined ? '' : key[name]?.S;
    if (value === undefined) throw invalidRequest('The provided starting key is invalid');
    return value;
  };
  const own = { partition: text(table.keyNames.partition), sort: text(table.keyNames.sort) };
  if (source === table) return { partition: own.partition, position: { sort: own.sort, tie: '' } };
  const { partition, sort } = source.keyNames;
  return { partition: text(partition), position: { sort: text(sort), tie: tieOf(own) } };
}

/** Whole attributes only, which is what our stores ask for. */
export function projected(item: Attributes, paths: readonly Path[] | undefined, bindings: Bindings): Attributes {
  if (!paths) return item;
  const wanted = paths.map((path) => {
    if (path.length > 1) throw new Error('the simulated DynamoDB projects whole attributes only');
    return nameOf(String(path[0]), bindings);
  });
  return Object.fromEntries(Object.entries(item).filter(([name]) => wanted.includes(name)));
}
