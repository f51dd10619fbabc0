/** What the ledger's use cases need, and the codes with which they refuse. */
import { type AccountingDate, accountingDateAt, type Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites, Pause } from '../kernel/write.ts';

export interface Ledger extends Pause {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  /** IANA name; the accounting date (会计日) is the calendar day there */
  readonly timeZone: string;
}

export type LedgerRefusal = 'account_not_found' | 'currency_mismatch' | 'account_closed' | 'insufficient_funds';

export const accountingDateNow = ({ clock, timeZone }: Pick<Ledger, 'clock' | 'timeZone'>): AccountingDate =>
  accountingDateAt(clock(), timeZone);
