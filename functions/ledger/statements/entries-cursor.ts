/** Where a list of entries goes on: for each chain the number that comes next, and which list it is. */
import { createHash } from 'node:crypto';

export interface EntriesCursor {
  /** see {@link listName} */
  readonly list: string;
  /** by slot; newest first 0 at a chain's beginning */
  readonly next: readonly number[];
}

/** Eight characters for all that makes a list: a cursor carried to another one would leave out or repeat entries. */
export const listName = (...facts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 8);

/** Numbers in base 36, so that the 64 slots of a hot account fit a URL: 780 characters at most. */
export const writeCursor = ({ list, next }: EntriesCursor): string =>
  [list, ...next.map((seq) => seq.toString(36))].join('.');

const cursorPattern = /^[0-9a-f]{8}(\.[0-9a-z]{1,8}){1,64}$/;

/** @returns undefined for what is no cursor of ours */
export function readCursor(text: string): EntriesCursor | undefined {
  if (!cursorPattern.test(text)) return undefined;
  const [list = '', ...next] = text.split('.');
  return { list, next: next.map((seq) => Number.parseInt(seq, 36)) };
}
