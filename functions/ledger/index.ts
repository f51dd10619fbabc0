/** The door of the ledger: all that other contexts may use. */
export type { Account, AccountKind, AccountStatus, AccountWithBalances, Balances, NewAccount } from './account.ts';
export type { BalancesAfter } from './append-postings.ts';
export { auditLedger, runAudit } from './audit.ts';
export { concludeAudit } from './audit-conclude.ts';
export type { AuditFiles } from './audit-files.ts';
export type { Finding } from './audit-finding.ts';
export { joinShard } from './audit-join.ts';
export { planAudit } from './audit-plan.ts';
export type { AuditReport } from './audit-report.ts';
export { scanPart } from './audit-scan.ts';
export type { AuditSource, AuditTables, Claim } from './audit-source.ts';
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
export type { Close, Closing, OwnerClose } from './close.ts';
export { closesBefore, getOwnerClose, ownerCloses } from './close-store.ts';
export { closingOfSubject, type SubjectDay } from './day-movements.ts';
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
export { type Leg, type NewPosting, netLegs, type PostingType } from './posting.ts';
export { lookUpAccount, readAccount } from './read-account.ts';
export type { BookFiles } from './report-file.ts';
export type { StatementFiles } from './statement-files.ts';
export type { StatementSource } from './statement-range.ts';
export { type TrialBalanceLine, trialBalance } from './trial-balance.ts';
