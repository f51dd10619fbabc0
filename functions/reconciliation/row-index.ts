/** Rows as they lie in memory, by place and hash: typed arrays, so that a million rows make no million objects. */
import { hashBytes, partOfHash } from './row-hash.ts';
import { shortestRest } from './shard-rows.ts';

const [tab, lineFeed] = [0x09, 0x0a];

/** Rows of one side, of one part of a shard. */
export interface RowIndex {
  readonly bytes: Buffer;
  rows: number;
  /** where each row begins */
  starts: Int32Array;
  /** of each row's reference */
  hashes: Int32Array;
}

/** One side of a shard: files that lie behind one another, the rows of each in the order of their parts. */
export interface SideRows {
  readonly bytes: Buffer;
  /** where each file begins, and where the last one ends */
  readonly places: readonly number[];
}

/** A row begins with a bracket and a quote. */
const opening = 2;

/**
 * @returns what gives the rows of the next part, in the same object each time
 * @throws Error where rows are not in the order of their parts: such a shard can't be matched part by part
 */
export function partsIn({ bytes, places }: SideRows): (part: number) => RowIndex {
  const cursors = Int32Array.from(places.slice(0, -1));
  const index: RowIndex = { bytes, rows: 0, starts: new Int32Array(4_096), hashes: new Int32Array(4_096) };
  return (part) => {
    index.rows = 0;
    for (let file = 0; file < cursors.length; file++) {
      cursors[file] = readPart(index, { from: cursors[file] ?? 0, end: places[file + 1] ?? 0, part });
    }
    return index;
  };
}

/** @returns where the rows of later parts begin */
function readPart(index: RowIndex, { from, end, part }: { from: number; end: number; part: number }): number {
  const { bytes } = index;
  let at = from;
  while (at < end) {
    let tabAt = at + opening;
    while (tabAt < end && bytes[tabAt] !== tab) tabAt += 1;
    const hash = hashBytes(bytes, at + opening, tabAt - 1);
    const found = partOfHash(hash);
    if (found > part) return at;
    if (found < part) throw new Error(`a row of part ${found} lies behind those of part ${part}`);
    if (index.rows === index.starts.length) grow(index);
    index.starts[index.rows] = at;
    index.hashes[index.rows] = hash;
    index.rows += 1;
    at = tabAt + shortestRest;
    while (at < end && bytes[at] !== lineFeed) at += 1;
    at += 1;
  }
  return end;
}

function grow(index: RowIndex): void {
  const [starts, hashes] = [new Int32Array(index.rows * 2), new Int32Array(index.rows * 2)];
  starts.set(index.starts);
  hashes.set(index.hashes);
  index.starts = starts;
  index.hashes = hashes;
}

export function textOfRow({ bytes, starts }: RowIndex, row: number): string {
  const start = starts[row] ?? 0;
  return bytes.toString('utf8', start, bytes.indexOf(lineFeed, start));
}
