/** The lines that a byte reader reads, into rows and sums: the part of staging that a large file spends its time in. */
import { lineAppender } from './append-line.ts';
import { ExactSums } from './exact-sums.ts';
import { type ByteReader, byteLine, notRegular } from './reading/bytes/byte-reader.ts';
import type { RowBuffers } from './row-buffers.ts';

/** Of lines, as in a range's summary. */
export interface Tally {
  read: number;
  ofMerchant: number;
  ofOthers: number;
  ofDay: number;
  ofOtherDays: number;
}

export interface RegularLines {
  readonly reader: ByteReader;
  readonly rows: RowBuffers;
  /** of milliseconds */
  readonly isOfDay: (at: number) => boolean;
  readonly tally: Tally;
  readonly sums: Record<string, bigint>;
}

/** @returns what reads on from a place up to the first line that is not regular, or to the end of the piece */
export function regularLines({ reader, rows, isOfDay, tally, sums }: RegularLines) {
  const { read, sumNames, outcomes } = reader;
  const line = byteLine(reader);
  const append = lineAppender(rows, outcomes);
  const isRefund = Uint8Array.from(outcomes, ({ kind }) => Number(kind === 'refund'));
  const exact = new ExactSums(sumNames.length);

  return (piece: Uint8Array, from: number, firstLineNumber: number): { end: number; lineNumber: number } => {
    let start = from;
    let lineNumber = firstLineNumber;
    let ofDay = 0;
    let refunds = 0;
    while (start < piece.length) {
      const next = read(piece, start, line);
      if (next === notRegular) break;
      append(piece, line, lineNumber);
      if (isRefund[line.outcome] === 1) refunds += 1;
      else if (isOfDay(line.at)) ofDay += 1;
      for (let index = 0; index < sumNames.length; index++) exact.add(index, line.sums[index] ?? 0);
      lineNumber += 1;
      start = next;
    }
    const lines = lineNumber - firstLineNumber;
    tally.read += lines;
    tally.ofMerchant += lines;
    tally.ofDay += ofDay;
    // a refund's time may be that of the payment, days ago
    tally.ofOtherDays += lines - refunds - ofDay;
    if (lines > 0) {
      for (const [index, name] of sumNames.entries()) sums[name] = (sums[name] ?? 0n) + exact.take(index);
    }
    return { end: start, lineNumber };
  };
}
