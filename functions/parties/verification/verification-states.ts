/** A verification's states as data. Every change is a conditional write that names the version before it. */
export const verificationStatuses = ['processing', 'awaiting_confirmation', 'succeeded', 'failed', 'expired'] as const;
export type VerificationStatus = (typeof verificationStatuses)[number];

/**
 * A channel confirms the facts (`pass`), or confirms them and transfers a small amount that the business tells back
 * (`transfer`), or denies them (`refuse`). Without a verdict it is asked again elsewhere (`reroute`) or of nobody any more
 * (`give_up`); `fall_silent` keeps the record of an answer that did not come. The amount told back is the right one
 * (`match`), a wrong one (`mismatch`), one wrong one too many (`exhaust`), or never told (`expire`).
 */
export const verificationEvents = [
  'pass',
  'transfer',
  'refuse',
  'reroute',
  'fall_silent',
  'give_up',
  'match',
  'mismatch',
  'exhaust',
  'expire',
] as const;
export type VerificationEvent = (typeof verificationEvents)[number];

export const verificationTransitions: Readonly<
  Record<VerificationStatus, Readonly<Partial<Record<VerificationEvent, VerificationStatus>>>>
> = {
  processing: {
    pass: 'succeeded',
    transfer: 'awaiting_confirmation',
    refuse: 'failed',
    reroute: 'processing',
    fall_silent: 'processing',
    give_up: 'failed',
  },
  awaiting_confirmation: {
    match: 'succeeded',
    mismatch: 'awaiting_confirmation',
    exhaust: 'failed',
    expire: 'expired',
  },
  succeeded: {},
  failed: {},
  expired: {},
};

/** A channel has looked at the facts and said so: it charges for that, whatever it said. */
export const isVerdict = (event: VerificationEvent): boolean =>
  event === 'pass' || event === 'transfer' || event === 'refuse';

/** @throws Error when the table does not have the transition: callers look at the status first. */
export function verificationStatusAfter(status: VerificationStatus, event: VerificationEvent): VerificationStatus {
  const next = verificationTransitions[status][event];
  if (next === undefined) throw new Error(`a verification that is ${status} can't ${event}`);
  return next;
}
