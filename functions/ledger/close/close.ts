/** 日切: what the close of a business day leaves behind. */
import type { AccountingDate, Clock } from '../../kernel/clock.ts';
import type { Files } from '../../kernel/files.ts';
import type { Currency } from '../../kernel/money.ts';
import type { Table } from '../../kernel/table.ts';
import type { CommitWrites } from '../../kernel/write.ts';
import type { Owner } from '../business-day.ts';
import type { SubjectDay } from './day-movements.ts';

/** What the steps of a close need. */
export interface Closing {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly calendarDay: () => AccountingDate;
  readonly files: Files;
  /** where the files of the books go */
  readonly bucket: string;
  /** from the moving of the date to the adding up of the day behind it */
  readonly graceSeconds: number;
  /** how far ahead of the calendar a day may be opened by hand */
  readonly daysAhead: number;
}

/** One execution's close of one day: what it writes is its own, so that two at once do not meet. */
export interface CloseRun {
  readonly day: AccountingDate;
  readonly run: string;
}

export interface Close extends CloseRun {
  /** RFC 3339 in UTC */
  readonly closedAt: string;
  readonly entries: number;
  /** how many institutions held or moved anything; the center's own books count as one */
  readonly owners: number;
  /** the debits of the day, which are its credits */
  readonly turnover: readonly { readonly currency: Currency; readonly amount: bigint }[];
}

/** A file for finance in the books' bucket. */
export interface BookFile {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  /** without the head */
  readonly lines: number;
}

/** The day of one owner's books. */
export interface OwnerClose extends CloseRun {
  readonly owner: Owner;
  readonly lines: readonly SubjectDay[];
  readonly entries: number;
  readonly generalLedger: BookFile;
  readonly journal: BookFile;
}
