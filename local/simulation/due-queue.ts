/** What is due and when: a binary heap, so that a simulation of millions of events stays quick. */

export interface Due {
  readonly atMs: number;
  /** drawn at random, so that what is due at one moment comes in any order */
  readonly lot: number;
  readonly happen: () => void;
}

const isEarlier = (one: Due, other: Due): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.lot < other.lot);

export class DueQueue {
  readonly #heap: Due[] = [];

  add(due: Due): void {
    let at = this.#heap.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      const above = this.#heap[parent];
      if (above === undefined || !isEarlier(due, above)) break;
      this.#heap[at] = above;
      at = parent;
    }
    this.#heap[at] = due;
  }

  takeNext(): Due | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(due: Due): void {
    let at = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * at + 1], this.#heap[2 * at + 2]];
      const [below, next] =
        right !== undefined && left !== undefined && isEarlier(right, left) ? [right, 2 * at + 2] : [left, 2 * at + 1];
      if (below === undefined || !isEarlier(below, due)) break;
      this.#heap[at] = below;
      at = next;
    }
    this.#heap[at] = due;
  }
}
