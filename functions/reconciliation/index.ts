/** The door of the context `reconciliation`. */

export { batchFromItem, isBatchItem } from './batch-item.ts';
export type { BatchStatus } from './batch-status.ts';
export { missingStatementView } from './calendar/calendar-view.ts';
export { expectationNoteFromItem, isExpectationNote } from './calendar/expected-statement-store.ts';
export type { AttachmentFiles } from './cases/attachments.ts';
export type { Cases, Propose } from './cases/cases.ts';
export { approveReopening, approveResolution, rejectProposal } from './cases/decide-case.ts';
export { type ContradictionTold, noteContradiction, StatementAtWork } from './note-contradiction.ts';
export type { ExecutionState, Executions } from './operations/executions.ts';
export { startRequestQueue } from './operations/start-request.ts';
export type { StatementOperations } from './operations/statement-operations.ts';
export type { Reconciliation } from './reconciliation.ts';
export { reconciliationView } from './reconciliation-view.ts';
export { checkSuspense } from './suspense-check.ts';
export type { UploadLink, UploadNeeds } from './uploads/register-upload.ts';
