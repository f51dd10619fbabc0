/**
 * What a statement format is. One file of this folder per format, each exporting one such object; `catalogue.ts` lists
 * them, and nothing else knows one by name.
 */
import type { Rejection } from '../rejection.ts';
import type { LineError, LineKind, StatementLine } from '../statement-line.ts';

export interface StatementFormat {
  /** as the channel's catalogue entry names it */
  readonly name: string;
  /** which kinds of transactions a file can hold: others of ours are not expected in it */
  readonly covers: readonly LineKind[];
  /** whether the first line and the file's name look like this format */
  readonly recognise: (start: FileStart) => boolean;
  /** the header, the place of the details and the file's own control totals */
  readonly readFrame: (ends: FileEnds) => Frame | Rejection;
  /** never throws: what can't be read is a line error */
  readonly parseLine: (frame: FrameColumns, text: string, lineNumber: number) => ParsedLine | LineError;
}

export interface FileStart {
  /** the first line without a byte order mark and line end */
  readonly header: string;
  readonly fileName: string;
}

export interface FileEnds {
  /** the first bytes of the decompressed file */
  readonly head: Buffer;
  /** the last bytes; the same as the head where the file is small */
  readonly tail: Buffer;
  /** the length of the decompressed file */
  readonly size: number;
}

export interface FrameColumns {
  /** names of the columns in the file's own order */
  readonly columns: readonly string[];
}

export interface Frame extends FrameColumns {
  /** the details' bytes: from the first, up to but without the second */
  readonly detailsStart: number;
  readonly detailsEnd: number;
  readonly firstLineNumber: number;
  readonly control: ControlTotals;
}

/** What the file says of itself, and what its lines add up to. */
export interface ControlTotals {
  readonly lines: number;
  /** by the file's own name of the figure: sums, in thousandths of the major unit to be exact in every currency, or counts, in thousandths too */
  readonly sums: Readonly<Record<string, bigint>>;
}

export interface ParsedLine {
  readonly line: StatementLine;
  /** the merchant numbers that the line names; one of them must be the statement's */
  readonly merchantNos: readonly string[];
  /** what the line adds to each of the file's control sums */
  readonly sums: Readonly<Record<string, bigint>>;
}

export const isLineError = (parsed: ParsedLine | LineError): parsed is LineError => 'reason' in parsed;
