/** The door of `access`: who calls, and what needs four eyes. */
export {
  type Approval,
  type ApprovalKind,
  approvalIdOf,
  type Proposal,
  proposeApprovalWrite,
} from './approval-store.ts';
export { type ClientRecord, findClient } from './client-store.ts';
export type { Deciding, Executed, Execution, Executor } from './decide-approval.ts';
export type { ClientKeeping } from './institution-clients.ts';
export type { Recognition } from './recognise-caller.ts';
export { tokenVerifier } from './token-verifier.ts';
export { userPoolKeeper } from './user-pool.ts';
