/** The door of the context `reconciliation`. */

export { statementFormats } from './formats/catalogue.ts';
export type { Reconciliation, StartExecution } from './reconciliation.ts';
export { checkSuspense } from './suspense-check.ts';
