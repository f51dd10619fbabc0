/** The door of the ledger: all that other contexts may use. */
export type { Account, AccountKind, AccountStatus, AccountWithBalances, Balances, NewAccount } from './account.ts';
export type { BalancesAfter } from './append-postings.ts';
export type { AuditReport } from './audit.ts';
export { auditLedger } from './audit-store.ts';
export type { BookedPosting } from './book-posting.ts';
export type { Books, BooksCheck, Finding } from './books.ts';
export { businessDateReader } from './business-date-store.ts';
export {
  chartOfAccounts,
  type Side,
  type Subject,
  type SuspenseType,
  subjects,
  suspenseTypes,
} from './chart-of-accounts.ts';
export { headMemory } from './head-memory.ts';
export type { Ledger, LedgerRefusal } from './ledger.ts';
export {
  type NewSettlementAccount,
  openAccountWrites,
  openSettlementAccountWrites,
  type SettlementCompanions,
  settlementCompanions,
} from './open-accounts.ts';
export { type PostOutcome, post, postGuardedBy } from './post.ts';
export type { Leg, NewPosting, PostingType } from './posting.ts';
export { lookUpAccount, readAccount } from './read-account.ts';
export { type TrialBalanceLine, trialBalance } from './trial-balance.ts';
