/** The door of the context `reconciliation`. */

export { statementFormats } from './formats/catalogue.ts';
export type { Reconciliation, StartExecution } from './reconciliation.ts';
export { expectedSuspense, findSuspenseBreaks, type SuspenseBreak } from './suspense-check.ts';
