/** Rows as they lie in memory, by place and hash: typed arrays, so that a million rows make no million objects. */
import { hashBytes } from './row-hash.ts';

const [tab, lineFeed] = [0x09, 0x0a];

/** Where the rows of a buffer begin, and the hashes of their references. */
export interface RowIndex {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly starts: Int32Array;
  readonly hashes: Int32Array;
}

/** No row is shorter: brackets, quotes, tabs and commas, the shortest names of a kind and a status, a currency. */
const shortestRow = 40;

/** A row begins with a bracket and a quote. */
const opening = 2;

/** @param bytes whole rows, each with a line end */
export function indexRows(bytes: Buffer): RowIndex {
  const atMost = Math.ceil(bytes.length / shortestRow);
  const starts = new Int32Array(atMost);
  const hashes = new Int32Array(atMost);
  let rows = 0;
  for (let at = 0; at < bytes.length; ) {
    let end = at + opening;
    while (end < bytes.length && bytes[end] !== tab) end += 1;
    starts[rows] = at;
    hashes[rows] = hashBytes(bytes, at + opening, end - 1);
    rows += 1;
    at = end + 1;
    while (at < bytes.length && bytes[at] !== lineFeed) at += 1;
    at += 1;
  }
  return { bytes, rows, starts, hashes };
}

export function textOfRow({ bytes, starts }: RowIndex, row: number): string {
  const start = starts[row] ?? 0;
  return bytes.toString('utf8', start, bytes.indexOf(lineFeed, start));
}

/** Whether two rows name the same reference, up to the tab that ends it. */
export function isSameReference(left: Uint8Array, leftRow: number, right: Uint8Array, rightRow: number): boolean {
  for (let index = opening; ; index++) {
    const byte = left[leftRow + index];
    if (byte !== right[rightRow + index]) return false;
    if (byte === tab) return true;
  }
}

/**
 * Whether two rows agree in all that is compared. @returns the place of the tab behind it in `left`, or 0 where they don't: no row
 * has a tab at its beginning
 */
export function agreedUntil(left: Uint8Array, leftRow: number, right: Uint8Array, rightRow: number): number {
  let tabs = 0;
  for (let index = opening; ; index++) {
    const byte = left[leftRow + index];
    if (byte !== right[rightRow + index]) return 0;
    if (byte === tab && ++tabs === 2) return leftRow + index;
  }
}
