/** The states of an approval: what decision leads where. */
export type ApprovalStatus = 'proposed' | 'approved' | 'rejected';
export type Decision = 'approve' | 'reject';

export const decisions: Readonly<Record<ApprovalStatus, Readonly<Partial<Record<Decision, ApprovalStatus>>>>> = {
  proposed: { approve: 'approved', reject: 'rejected' },
  approved: {},
  rejected: {},
};
