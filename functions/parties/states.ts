/** The states of what this context keeps, and what leads where. */
export type ProposedStatus = 'proposed' | 'active' | 'rejected';

/** Institutions and their accounts: decided by an approval. */
export const proposedTransitions = {
  proposed: { approve: 'active', reject: 'rejected' },
  active: {},
  rejected: {},
} as const satisfies Record<ProposedStatus, Partial<Record<'approve' | 'reject', ProposedStatus>>>;

export const bindingStatuses = ['pending', 'active', 'refused', 'unbound'] as const;
export type BindingStatus = (typeof bindingStatuses)[number];

/** A binding waits as `pending` while no channel has given its word. */
export const bindingTransitions = {
  pending: { agree: 'active', refuse: 'refused' },
  active: { unbind: 'unbound' },
  refused: {},
  unbound: {},
} as const satisfies Record<BindingStatus, Partial<Record<'agree' | 'refuse' | 'unbind', BindingStatus>>>;
