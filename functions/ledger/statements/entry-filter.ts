/** Which entries of an account a caller wants to see. */
import type { Entry } from '../entry.ts';
import type { PostingType } from '../posting.ts';

export const directions = ['in', 'out'] as const;

export type Direction = (typeof directions)[number];

export interface EntryFilter {
  readonly direction?: Direction | undefined;
  /** all that move something unless given */
  readonly types?: readonly PostingType[] | undefined;
}

/** They move nothing, and are shown to whoever asks for them by name. */
const silent: readonly PostingType[] = ['account_opening', 'account_change'];

export const passes = (entry: Entry, { direction, types }: EntryFilter): boolean =>
  (types ? types.includes(entry.type) : !silent.includes(entry.type)) &&
  (direction === undefined || directionOf(entry) === direction);

/**
 * 收支方向: by what the account holds in total, available and frozen. So a freeze and its release are neither in nor out,
 * and a withdrawal is out when its frozen amount is captured. The fees of a settlement account don't count: they are what
 * its channel has taken from it, and a top-up is in by the amount that is left.
 */
export function directionOf({ change }: Pick<Entry, 'change'>): Direction | undefined {
  const total = change.available + change.frozen;
  if (total === 0n) return undefined;
  return total > 0n ? 'in' : 'out';
}
