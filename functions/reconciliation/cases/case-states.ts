/** The states of a difference as data. Every change is a conditional write that names the revision before it. */

/**
 * `found` by a version, not posted yet. From `open` on it is a case, with its posting in suspense, until it is `resolved`.
 * `reopening`: still resolved, while another operator decides whether that is taken back. `superseded`: a corrected file
 * does not show it.
 */
export const differenceStates = ['found', 'open', 'proposed', 'resolved', 'reopening', 'superseded'] as const;

export type DifferenceState = (typeof differenceStates)[number];

/**
 * - `ask`: its channel was asked about the payment that the statement lacks
 * - `open`: its posting is booked
 * - `postpone`: a corrected file is waited for, until a new due time
 * - `propose`, `reject`, `resolve`: one operator proposes, another decides, or a policy does at once
 * - `propose_reopening`, `reject_reopening`, `reopen`: the same, to take a resolution back
 * - `leave`: it was resolved by a change of its payment, and a later version shows it no more
 * - `keep`: a later version does not show it, and its resolution can't be taken back
 * - `await_rerun`: it was resolved while a version was at work, which must be run again
 * - `supersede`: a version does not show it, or shows something else
 */
export const caseEvents = [
  'ask',
  'open',
  'postpone',
  'propose',
  'reject',
  'resolve',
  'propose_reopening',
  'reject_reopening',
  'reopen',
  'leave',
  'keep',
  'await_rerun',
  'supersede',
] as const;

export type CaseEvent = (typeof caseEvents)[number];

export const caseTransitions: Readonly<Record<DifferenceState, Readonly<Partial<Record<CaseEvent, DifferenceState>>>>> =
  {
    found: { ask: 'found', open: 'open', supersede: 'superseded' },
    open: { postpone: 'open', propose: 'proposed', resolve: 'resolved', supersede: 'superseded' },
    proposed: { reject: 'open', resolve: 'resolved', supersede: 'superseded' },
    resolved: {
      propose_reopening: 'reopening',
      reopen: 'open',
      leave: 'resolved',
      keep: 'resolved',
      await_rerun: 'resolved',
      supersede: 'superseded',
    },
    reopening: {
      reject_reopening: 'resolved',
      reopen: 'open',
      keep: 'reopening',
      supersede: 'superseded',
    },
    superseded: {},
  };

export const allowsEvent = (state: DifferenceState, event: CaseEvent): boolean =>
  caseTransitions[state][event] !== undefined;

/** @throws Error when the table does not have the transition: callers ask {@link allowsEvent} first where it may not. */
export function stateAfter(state: DifferenceState, event: CaseEvent): DifferenceState {
  const next = caseTransitions[state][event];
  if (next === undefined) throw new Error(`a difference that is ${state} can't ${event}`);
  return next;
}

/** Whether it is held in suspense: such differences add up to the suspense accounts. */
export const inSuspense = (state: DifferenceState): boolean => state === 'open' || state === 'proposed';

/** Whether it keeps its day from being settled. */
export const isUnresolved = (state: DifferenceState): boolean => state === 'found' || inSuspense(state);
