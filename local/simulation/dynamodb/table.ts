/** One table: its items, and its global secondary indexes, which hold copies of the items that have both their keys. */
import { type Charge, sizeOf, writeUnits } from './capacity.ts';
import { invalidRequest } from './exceptions.ts';
import { type Position, SortedEntries } from './sorted-entries.ts';
import { type Attributes, haveEqualAttributes } from './value.ts';

export interface IndexDefinition {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** Keys are strings called `pk` and `sk`, and indexes project everything, as `lib/constructs/context-table.ts` makes them. */
export interface TableDefinition {
  readonly name: string;
  readonly indexes?: readonly IndexDefinition[];
  /** false for a table whose items have only a partition key */
  readonly sortKey?: boolean;
}

export interface KeyNames {
  readonly partition: string;
  readonly sort: string | undefined;
}

export interface ItemKey {
  readonly partition: string;
  readonly sort: string;
}

/** What a write makes of one item; undefined stands for no item. */
export interface Change {
  readonly key: ItemKey;
  readonly before: Attributes | undefined;
  readonly after: Attributes | undefined;
}

export class MemoryTable {
  readonly name: string;
  readonly keyNames: KeyNames;
  readonly partitions = new Map<string, SortedEntries>();
  readonly indexes: ReadonlyMap<string, MemoryIndex>;

  constructor(definition: TableDefinition) {
    this.name = definition.name;
    this.keyNames = { partition: 'pk', sort: definition.sortKey === false ? undefined : 'sk' };
    this.indexes = new Map(definition.indexes?.map((index) => [index.name, new MemoryIndex(index)]));
  }

  get(key: ItemKey): Attributes | undefined {
    return this.partitions.get(key.partition)?.find({ sort: key.sort, tie: '' });
  }

  apply({ key, after }: Change): void {
    change(this.partitions, key.partition, { sort: key.sort, tie: '' }, after);
  }

  applyToIndexes(made: Change): void {
    for (const index of this.indexes.values()) index.apply(made);
  }

  /** @param factor 2 for a transaction, which prepares and commits; indexes follow later, at the price of a plain write */
  writeCharges({ key, before, after }: Change, factor: number): Charge[] {
    const bytes = Math.max(before ? sizeOf(before) : 0, after ? sizeOf(after) : 0);
    const own = { table: this.name, partition: key.partition, readUnits: 0, writeUnits: factor * writeUnits(bytes) };
    if (before === after) return [own];
    return [
      own,
      ...[...this.indexes.values()].flatMap((index) =>
        index.writeCharges({ before, after }).map((charge) => ({ ...charge, table: this.name })),
      ),
    ];
  }
}

export class MemoryIndex {
  readonly name: string;
  readonly keyNames: KeyNames & { readonly sort: string };
  readonly partitions = new Map<string, SortedEntries>();

  constructor({ name, partitionKey, sortKey }: IndexDefinition) {
    this.name = name;
    this.keyNames = { partition: partitionKey, sort: sortKey };
  }

  apply({ key, before, after }: Change): void {
    const tie = tieOf(key);
    const [from, to] = [this.keyOf(before), this.keyOf(after)];
    if (from) change(this.partitions, from.partition, { sort: from.sort, tie }, undefined);
    if (to) change(this.partitions, to.partition, { sort: to.sort, tie }, after);
  }

  /** Nothing for an entry that stays as it is, one write for one that comes, goes or changes, two for one that moves. */
  writeCharges({ before, after }: Pick<Change, 'before' | 'after'>): Omit<Charge, 'table'>[] {
    const [from, to] = [this.keyOf(before), this.keyOf(after)];
    const charge = ({ partition }: ItemKey, bytes: number) => [
      { index: this.name, partition, readUnits: 0, writeUnits: writeUnits(bytes) },
    ];
    const [oldBytes, newBytes] = [from && before ? sizeOf(before) : 0, to && after ? sizeOf(after) : 0];
    if (from && to && from.partition === to.partition && from.sort === to.sort) {
      const same = before !== undefined && after !== undefined && haveEqualAttributes(before, after);
      return same ? [] : charge(to, Math.max(oldBytes, newBytes));
    }
    return [...(from ? charge(from, oldBytes) : []), ...(to ? charge(to, newBytes) : [])];
  }

  /**
   * @returns undefined for an item that lacks a key of the index, and so is not in it
   * @throws ValidationException for a key that is no text, or an empty one
   */
  keyOf(item: Attributes | undefined): ItemKey | undefined {
    const { partition, sort } = this.keyNames;
    const [partitionValue, sortValue] = [item?.[partition], item?.[sort]];
    for (const value of [partitionValue, sortValue]) {
      if (value !== undefined && !value.S) {
        throw invalidRequest(
          `One or more parameter values were invalid: Type mismatch for Index Key of ${this.name}, or an empty value`,
        );
      }
    }
    if (partitionValue?.S === undefined || sortValue?.S === undefined) return undefined;
    return { partition: partitionValue.S, sort: sortValue.S };
  }
}

export const tieOf = (key: ItemKey): string => `${key.partition}\0${key.sort}`;

function change(
  partitions: Map<string, SortedEntries>,
  name: string,
  position: Position,
  item: Attributes | undefined,
): void {
  let partition = partitions.get(name);
  if (item === undefined) {
    partition?.remove(position);
    if (partition?.length === 0) partitions.delete(name);
    return;
  }
  if (partition === undefined) {
    partition = new SortedEntries();
    partitions.set(name, partition);
  }
  partition.put({ ...position, item });
}
