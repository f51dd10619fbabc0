/**
 * What a statement format is. Each file of `formats/` exports one as `format` and is named like it; nothing else knows one by
 * name. A statement profile (`profile.ts`) is a format that operators write as data.
 */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import type { Rejection } from '../rejection.ts';
import type { LineError, LineKind, StatementLine } from '../statement-line.ts';
import type { ByteReader } from './bytes/byte-reader.ts';

export type StatementFormat = LineFormat | DocumentFormat;

interface RecognisedFormat {
  /** as channels name it: that of its file, without the ending */
  readonly name: string;
  /** which kinds of transactions a file can hold: others of ours are not expected in it */
  readonly covers: readonly LineKind[];
  /** whether a file looks like this format, by its first bytes and its name */
  readonly recognise: (start: FileStart) => boolean;
  /** a file that comes in the same archive and tells nothing that this format's file does not, such as a summary by shop */
  readonly accompanies?: (start: FileStart) => boolean;
  /** whether an archive may hold several files of it, which are then read as one, in the order of their names */
  readonly inParts?: boolean;
}

/** One record a line, each readable by itself: such a file is cut into byte ranges that workers read side by side. */
export interface LineFormat extends RecognisedFormat {
  readonly reads: 'lines';
  /** `latin1` hands the bytes on, one a character, to formats of fixed width whose text is in another encoding */
  readonly encoding: 'utf-8' | 'gb18030' | 'latin1';
  /** the header, the place of the details and the file's own control totals */
  readonly readFrame: (ends: FileEnds, context: StatementContext) => Frame | Rejection;
  /** never throws: what can't be read is a line error */
  readonly parseLine: (frame: FrameColumns, text: string, lineNumber: number) => ReadLine;
  /**
   * Reads regular lines of one merchant without making text of them, for files of millions of lines; what it does not read goes
   * through `parseLine`, and what it reads it must read alike. Left out where files are small.
   */
  readonly byteReader?: (frame: FrameColumns, merchantNo: string) => ByteReader | undefined;
}

/** Records over several lines, or that mean nothing by themselves: such a file is read once, from its first byte to its last. */
export interface DocumentFormat extends RecognisedFormat {
  readonly reads: 'document';
  /**
   * Gives the records in their order, then what the file says of itself. Never throws for what a file holds: a record that can't
   * be read is a line error, and a file that can't be gone through ends with a rejection. Holds one record in memory, whatever
   * the size of the file.
   */
  readonly read: (chunks: AsyncIterable<Buffer>, context: StatementContext) => AsyncIterable<DocumentPart>;
}

export type DocumentPart = ReadLine | { readonly control: ControlTotals } | Rejection;

/** What is known of a statement before its first byte is read. */
export interface StatementContext {
  readonly merchantNo: string;
  readonly date: AccountingDate;
  /** of the settlement account: of files that name none */
  readonly currency: Currency;
  /** the last part of the key */
  readonly fileName: string;
  /** of the channel, such as `Asia/Shanghai`: of times without an offset */
  readonly timeZone: string;
}

export interface FileStart {
  /** the first bytes of the decompressed file, 64 KiB at most */
  readonly head: Buffer;
  /** the first line, read as UTF-8 or else as GB18030, without a byte order mark and line end */
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
  /** what else of the file's frame its lines are read by, such as a year that they leave out */
  readonly facts?: Readonly<Record<string, string>> | undefined;
}

export interface Frame extends FrameColumns {
  /** the details' bytes: from the first, up to but without the second */
  readonly detailsStart: number;
  readonly detailsEnd: number;
  readonly firstLineNumber: number;
  readonly control: ControlTotals;
}

/** What the file says of itself, and what its lines have to add up to. */
export interface ControlTotals {
  /** records, ignored ones and line errors included; absent where the file does not count them */
  readonly lines?: number | undefined;
  /**
   * By the file's own name of the figure: sums in hundred-thousandths of the major unit, which is exact in every currency and
   * format, or counts, in hundred-thousandths too.
   */
  readonly sums: Readonly<Record<string, bigint>>;
  /** what the file says against itself besides: shown, and no reason to turn it away or to hold the day open */
  readonly untied?: readonly UntiedFigure[] | undefined;
  /**
   * Whose a document's statements are, where none is the merchant's: such a one may stand beside the merchant's own in an archive,
   * but is turned away where it comes alone.
   */
  readonly foreignAccounts?: readonly string[] | undefined;
}

/** Hundred-thousandths of the major unit. */
export interface UntiedFigure {
  readonly name: string;
  readonly stated: bigint;
  readonly found: bigint;
}

export type ReadLine = ParsedLine | IgnoredLine | LineError;

export interface ParsedLine {
  readonly line: StatementLine;
  /** the merchant numbers that the line names, one of which must be the statement's; none where lines name none */
  readonly merchantNos: readonly string[];
  /** what the line adds to each of the file's control sums */
  readonly sums: Readonly<Record<string, bigint>>;
}

/** A line that the format knows to move none of the merchant's money, such as an authorisation. */
export interface IgnoredLine {
  readonly lineNumber: number;
  /** the rule's name, in lower case with underscores: operators read it */
  readonly ignored: string;
  readonly sums: Readonly<Record<string, bigint>>;
}

export const isLineError = (read: ReadLine): read is LineError => 'reason' in read;
export const isIgnoredLine = (read: ReadLine): read is IgnoredLine => 'ignored' in read;
