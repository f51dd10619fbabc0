/**
 * Finds a moment in a chain of any length by a few reads. Times and dates never go back along a chain, so the share of
 * the time that has passed tells about where among the numbers to look; halving steps in wherever that guess helps little.
 */
import type { Entry } from '../entry.ts';

type Numbered = Pick<Entry, 'seq' | 'postedAt'>;

export interface SearchedChain<Found extends Numbered> {
  readonly head: Found;
  /** no entry is older, RFC 3339 */
  readonly openedAt: string;
  /** entries from a number on, oldest first */
  readonly read: (from: number, limit: number) => Promise<readonly Found[]>;
}

export interface SoughtEntry<Found extends Numbered> {
  /** true of the entries up to the sought one, false of all behind it */
  readonly holds: (entry: Found) => boolean;
  /** about when it stops to hold, in milliseconds since 1970: where this is wrong, only reads are lost */
  readonly about: number;
}

/** An entry stays within one KiB, so this many are one read unit. */
export const windowSize = 4;

/**
 * The last entry for which a condition holds, undefined where it holds for none.
 *
 * Each read takes the four entries around a place, 1 read unit. Among a million it took 6 reads on average where they came
 * evenly, 9 to 13 where they came by day and week, in a growing business; 2·log2(n) is the worst case.
 * `test/ledger/find-entry.test.ts` counts them.
 */
export async function findLast<Found extends Numbered>(
  { head, openedAt, read }: SearchedChain<Found>,
  { holds, about }: SoughtEntry<Found>,
): Promise<Found | undefined> {
  if (holds(head)) return head;
  let found: Found | undefined;
  let low = { seq: 0, at: Date.parse(openedAt) };
  let high = placeOf(head);
  let guessing = true;
  while (high.seq - low.seq > 1) {
    const size = high.seq - low.seq;
    const aim = guessing ? aimAt(about, low, high) : low.seq + size / 2;
    const first = within(
      Math.round(aim - (windowSize - 1) / 2),
      low.seq + 1,
      Math.max(high.seq - windowSize, low.seq + 1),
    );
    const entries = await read(first, Math.min(windowSize, high.seq - first));
    if (entries[0]?.seq !== first) throw new Error(`entry ${first} of a chain is missing`);
    const beyond = entries.find((entry) => !holds(entry));
    found = entries.findLast(holds) ?? found;
    if (found) low = placeOf(found);
    if (beyond) high = placeOf(beyond);
    // a guess that cut off less than half is followed by a halving, so that two reads halve what is left at least
    guessing = !guessing || high.seq - low.seq <= size / 2;
  }
  return found;
}

interface Place {
  readonly seq: number;
  readonly at: number;
}

const placeOf = ({ seq, postedAt }: Numbered): Place => ({ seq, at: Date.parse(postedAt) });

/**
 * The share of the time that has passed, and from there towards the middle by as much as chance scatters entries that
 * come evenly: so the sought place is likely to be cut off from the larger side, and the next guess from the smaller one.
 */
function aimAt(about: number, low: Place, high: Place): number {
  const size = high.seq - low.seq;
  const share = high.at > low.at ? within((about - low.at) / (high.at - low.at), 0, 1) : 0.5;
  const scatter = size > 2 * windowSize ? Math.sqrt(size) / 2 : 0;
  return low.seq + size * share + (share < 0.5 ? scatter : -scatter);
}

const within = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
