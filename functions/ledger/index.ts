/** The door of the ledger: all that other contexts may use. */
export type { Account, AccountKind, AccountStatus, AccountWithBalances, Balances, NewAccount } from './account.ts';
export type { BalancesAfter, PostOutcome } from './append-posting.ts';
export type { AuditReport } from './audit.ts';
export { auditLedger } from './audit-store.ts';
export type { Books, BooksCheck, Finding } from './books.ts';
export {
  chartOfAccounts,
  type Side,
  type Subject,
  type SuspenseType,
  subjects,
  suspenseTypes,
} from './chart-of-accounts.ts';
export { closeAccount } from './close-account.ts';
export { accountingDateNow, type Ledger, type LedgerRefusal } from './ledger.ts';
export {
  type NewSettlementAccount,
  openAccountWrites,
  openSettlementAccountWrites,
  type SettlementCompanions,
  settlementCompanions,
} from './open-accounts.ts';
export { post } from './post.ts';
export type { Leg, NewPosting, PostingType } from './posting.ts';
export { readAccount } from './read-account.ts';
export { type TrialBalanceLine, trialBalance } from './trial-balance.ts';
