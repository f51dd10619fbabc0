/** 余额: rows that each state the balance after them lead from the first one's opening to the last one's closing balance. */
import type { FileEnds, Frame, UntiedFigure } from './statement-format.ts';

const lineFeed = 0x0a;

/** Hundred-thousandths: what the row moved, what comes in positive, and the balance after it. */
export interface BalancedRow {
  readonly moved: bigint;
  readonly balance: bigint;
}

type Place = Pick<Frame, 'detailsStart' | 'detailsEnd'>;

/** The bytes of the first and of the last row; undefined where there is none, or an end holds it only in part. */
export function outerRows({ head, tail, size }: FileEnds, { detailsStart, detailsEnd }: Place) {
  const firstEnd = head.indexOf(lineFeed, detailsStart);
  const details = tail.subarray(Math.max(0, detailsStart - (size - tail.length)), detailsEnd - (size - tail.length));
  const lines = details.subarray(0, details.at(-1) === lineFeed ? -1 : undefined);
  const lastStart = lines.lastIndexOf(lineFeed) + 1;
  const isWhole = lastStart > 0 || size - tail.length <= detailsStart;
  if (detailsStart >= detailsEnd || firstEnd < 0 || !isWhole) return undefined;
  return { first: head.subarray(detailsStart, firstEnd), last: lines.subarray(lastStart) };
}

/**
 * Opening + movements = closing. Rows may run either way; where neither fits, the difference is told for rows in their order.
 *
 * @param moved what all rows move by the file's own figures, to which the rows are held besides
 */
export function untiedBalance(
  name: string,
  { first, last, moved }: { readonly first: BalancedRow; readonly last: BalancedRow; readonly moved: bigint },
): UntiedFigure | undefined {
  const forwards = last.balance - (first.balance - first.moved);
  const backwards = first.balance - (last.balance - last.moved);
  return moved === forwards || moved === backwards ? undefined : { name, stated: forwards, found: moved };
}
