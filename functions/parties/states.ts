/** The states of what this context keeps, and what leads where. */
export type ProposedStatus = 'proposed' | 'active' | 'rejected';

/** Institutions and their accounts: decided by an approval. */
export const proposedTransitions = {
  proposed: { approve: 'active', reject: 'rejected' },
  active: {},
  rejected: {},
} as const satisfies Record<ProposedStatus, Partial<Record<'approve' | 'reject', ProposedStatus>>>;

export const bindingStatuses = ['pending', 'active', 'refused', 'expired', 'unbound'] as const;
export type BindingStatus = (typeof bindingStatuses)[number];

/**
 * A channel agrees (`agree`), or sends the holder a code that is to be told back (`send_code`), rightly or not (`use_try`);
 * no channel agrees (`refuse`); no code came back in time (`expire`); the holder takes the card away (`unbind`).
 */
export const bindingEvents = ['agree', 'send_code', 'use_try', 'refuse', 'expire', 'unbind'] as const;
export type BindingEvent = (typeof bindingEvents)[number];

/** A binding waits as `pending` while no channel has given its word. An active one may go on to win more channels. */
export const bindingTransitions: Readonly<
  Record<BindingStatus, Readonly<Partial<Record<BindingEvent, BindingStatus>>>>
> = {
  pending: { send_code: 'pending', use_try: 'pending', agree: 'active', refuse: 'refused', expire: 'expired' },
  active: { send_code: 'active', use_try: 'active', agree: 'active', unbind: 'unbound' },
  refused: {},
  expired: {},
  unbound: {},
};

/** @throws Error when the table does not have the transition: callers look at the status first. */
export function bindingStatusAfter(status: BindingStatus, event: BindingEvent): BindingStatus {
  const next = bindingTransitions[status][event];
  if (next === undefined) throw new Error(`a binding that is ${status} can't ${event}`);
  return next;
}
