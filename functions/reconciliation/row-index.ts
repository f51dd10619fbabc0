/** Rows as they lie in memory, by place and hash: typed arrays, so that a million rows make no million objects. */
import { hashBytes } from './row-hash.ts';

const [tab, lineFeed] = [0x09, 0x0a];

export interface RowIndex {
  readonly bytes: Buffer;
  readonly rows: number;
  /** where each row begins */
  readonly starts: Int32Array;
  /** of each row's reference */
  readonly hashes: Int32Array;
}

/** No row is shorter: brackets, quotes, tabs and commas, the shortest names of a kind and a status, a currency. */
const shortestRow = 40;

/** A row begins with a bracket and a quote. */
const opening = 2;

/** @param bytes whole rows, each with its line end */
export function indexRows(bytes: Buffer): RowIndex {
  const atMost = Math.ceil(bytes.length / shortestRow);
  const starts = new Int32Array(atMost);
  const hashes = new Int32Array(atMost);
  let rows = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = tabFrom(bytes, at + opening);
    starts[rows] = at;
    hashes[rows] = hashBytes(bytes, at + opening, end - 1);
    rows += 1;
    at = end;
    while (at < bytes.length && bytes[at] !== lineFeed) at += 1;
    at += 1;
  }
  return { bytes, rows, starts, hashes };
}

function tabFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== tab) at += 1;
  return at;
}

export function textOfRow({ bytes, starts }: RowIndex, row: number): string {
  const start = starts[row] ?? 0;
  return bytes.toString('utf8', start, bytes.indexOf(lineFeed, start));
}
