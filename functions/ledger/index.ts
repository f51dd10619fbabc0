/** The door of the ledger: all that other contexts may use. */
export type { Account, AccountKind, AccountStatus, AccountWithBalances, Balances, NewAccount } from './account.ts';
export { type RequestedChangeRefusal, requestChange } from './account-changes.ts';
export type { BalancesAfter } from './append-postings.ts';
export { auditLedger, runAudit } from './audit/audit.ts';
export { concludeAudit } from './audit/audit-conclude.ts';
export type { AuditFiles } from './audit/audit-files.ts';
export type { Finding } from './audit/audit-finding.ts';
export { joinShard } from './audit/audit-join.ts';
export { planAudit } from './audit/audit-plan.ts';
export type { AuditReport } from './audit/audit-report.ts';
export { scanPart } from './audit/audit-scan.ts';
export type { AuditSource, AuditTables, Claim } from './audit/audit-source.ts';
export { type TrialBalanceLine, trialBalance } from './audit/trial-balance.ts';
export type { BookedPosting } from './book-posting.ts';
export { businessDateReader } from './business-date-store.ts';
export {
  chartOfAccounts,
  type Side,
  type Subject,
  type SuspenseType,
  subjects,
  suspenseTypes,
} from './chart-of-accounts.ts';
export type { Close, Closing, OwnerClose } from './close/close.ts';
export { closesBefore, getOwnerClose, ownerCloses } from './close/close-store.ts';
export { closingOfSubject, type SubjectDay } from './close/day-movements.ts';
export { headMemory } from './head-memory.ts';
export { type Hold, holdStatusOf, remainingOf } from './holds/hold.ts';
export { findHold } from './holds/hold-access.ts';
export type { Ledger, LedgerRefusal } from './ledger.ts';
export { type InternalTransaction, internalTransactions } from './listing-store.ts';
export {
  type NewSettlementAccount,
  openAccountWrites,
  openSettlementAccountWrites,
  openWriteOffWrites,
  type SettlementCompanions,
  settlementCompanions,
} from './open-accounts.ts';
export { type PostOutcome, post, postGuardedBy } from './post.ts';
export { type Leg, type NewPosting, netLegs, type PostingType } from './posting.ts';
export { lookUpAccount, readAccount } from './read-account.ts';
export type { BookFiles } from './reports/report-file.ts';
export { dailyTurnover } from './statements/daily-turnover.ts';
export type { StatementSource } from './statements/statement-range.ts';
export { findTransfer } from './transfers/find-transfer.ts';
export { type Transfer, transferIdOf, transferKinds } from './transfers/transfer.ts';
