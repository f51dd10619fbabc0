/** When a delivery that failed is tried again: over about a day, then never by itself. */
export interface DeliverySchedule {
  /** the wait before the second try, before the third, and so on; their number is that of the tries after the first */
  readonly delaysSeconds: readonly number[];
  /** each wait is longer by up to this share, by chance, so that what failed together does not come back together */
  readonly jitter: number;
}

const hour = 3_600;

/** Eight tries in 27.6 to 33 hours. */
export const deliverySchedule: DeliverySchedule = {
  delaysSeconds: [5, 300, 1_800, 2 * hour, 5 * hour, 10 * hour, 10 * hour],
  jitter: 0.2,
};

/**
 * @param tries how many have failed, from 1
 * @param chance 0 to 1
 * @returns whole seconds; undefined after the last try
 */
export function waitAfter(
  { delaysSeconds, jitter }: DeliverySchedule,
  tries: number,
  chance: number,
): number | undefined {
  const delay = delaysSeconds[tries - 1];
  return delay === undefined ? undefined : Math.ceil(delay * (1 + jitter * chance));
}

/** SQS holds a message back for 15 minutes at most: a longer wait is made of several. */
export const longestHopSeconds = 900;

export const nextHopSeconds = (from: Date, until: Date): number =>
  Math.min(longestHopSeconds, Math.max(0, Math.ceil((until.getTime() - from.getTime()) / 1000)));
