/** The door of `access`: who calls, and what needs four eyes. */
export {
  type Approval,
  type ApprovalKind,
  approvalIdOf,
  findApproval,
  listApprovals,
  type Proposal,
  proposeApprovalWrite,
} from './approval-store.ts';
export { type ClientRecord, findClient, listClients } from './client-store.ts';
export { type Deciding, decideApproval, type Executor } from './decide-approval.ts';
export { type ClientKeeping, issueClient, withdrawClient } from './institution-clients.ts';
export { type Recognition, recogniseCaller } from './recognise-caller.ts';
export { tokenVerifier } from './token-verifier.ts';
