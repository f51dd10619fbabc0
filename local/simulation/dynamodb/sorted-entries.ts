/** The items of one partition in the order of their sort keys, found by binary search. */
import { type Attributes, compareText } from './value.ts';

export interface Entry {
  /** the sort key, empty in a table without one */
  readonly sort: string;
  /** tells entries of one sort key apart, which only an index has; empty in a table */
  readonly tie: string;
  readonly item: Attributes;
}

export type Position = Pick<Entry, 'sort' | 'tie'>;

const compare = (one: Position, other: Position): number =>
  compareText(one.sort, other.sort) || compareText(one.tie, other.tie);

export class SortedEntries {
  readonly #entries: Entry[] = [];

  get length(): number {
    return this.#entries.length;
  }

  at(index: number): Entry | undefined {
    return this.#entries[index];
  }

  /** The first entry of which the predicate is true, which has to be true of all behind it. @returns `length` if none */
  firstIndex(isBehind: (entry: Entry) => boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#entries[middle];
      if (entry && !isBehind(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  indexOf(position: Position): number {
    const last = this.#entries.at(-1);
    if (last && compare(last, position) < 0) return this.length; // most items are new, and sort behind all others
    return this.firstIndex((entry) => compare(entry, position) >= 0);
  }

  indexBehind(position: Position): number {
    return this.firstIndex((entry) => compare(entry, position) > 0);
  }

  find(position: Position): Attributes | undefined {
    const found = this.#entries[this.indexOf(position)];
    return found && compare(found, position) === 0 ? found.item : undefined;
  }

  put(entry: Entry): void {
    const index = this.indexOf(entry);
    const found = this.#entries[index];
    this.#entries.splice(index, found && compare(found, entry) === 0 ? 1 : 0, entry);
  }

  remove(position: Position): void {
    const index = this.indexOf(position);
    const found = this.#entries[index];
    if (found && compare(found, position) === 0) this.#entries.splice(index, 1);
  }
}
