/** What the ledger's use cases need, and the codes with which they refuse. */
import type { AccountingDate, Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites, Pause } from '../kernel/write.ts';
import type { HeadMemory } from './head-memory.ts';

export interface Ledger extends Pause {
  readonly table: Table;
  /** answers a conflict with another transaction as a lost race, which is run again from fresh heads */
  readonly commit: CommitWrites;
  readonly clock: Clock;
  /** 会计日: the open business day, the accounting date of whatever is posted now; see `business-date-store.ts` */
  readonly businessDate: () => Promise<AccountingDate>;
  /** what this process remembers of the ends of chains */
  readonly memory: HeadMemory;
}

export type LedgerRefusal =
  | 'account_not_found'
  | 'currency_mismatch'
  | 'account_closed'
  | 'account_blocked'
  | 'insufficient_funds'
  | 'exceeds_original'
  | 'too_many_entries';
