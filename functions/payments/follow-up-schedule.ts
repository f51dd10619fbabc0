/** When a payment whose result is unknown is looked at again. */

export interface FollowUpSchedule {
  /** how long before each check; the last is repeated */
  readonly delaysSeconds: readonly [number, ...number[]];
  /** checks after which a payment is left to the channel's statement */
  readonly maximumChecks: number;
  /** checks after which a message whose payment is not there is dropped, see {@link followUpPayment} */
  readonly checksForMissing: number;
}

/**
 * 5 s, 10 s, 15 s, 30 s, a minute, 5 min, then every 15 min (the longest delay of SQS) up to the 100th check after a day.
 *
 * The first check may meet a request that still calls its channel; every change is conditional, so that is harmless.
 * A payment that is not there at the fourth check, a minute after its message, never will be: the request that
 * announced it ran for 20 s at most.
 */
export const followUpSchedule: FollowUpSchedule = {
  delaysSeconds: [5, 10, 15, 30, 60, 300, 900],
  maximumChecks: 100,
  checksForMissing: 4,
};

/** @param check 1 for the first look */
export const delayBefore = ({ delaysSeconds }: FollowUpSchedule, check: number): number =>
  delaysSeconds[Math.min(check, delaysSeconds.length) - 1] ?? delaysSeconds[0];
