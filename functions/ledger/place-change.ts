/** Which slots of an account take a change. */
import { addBalances, type BalanceKind, type Balances, noBalances } from './account.ts';
import type { Entry } from './entry.ts';

export interface PlacedChange {
  readonly head: Entry;
  readonly change: Balances;
}

/**
 * The change as a whole where one slot can take it, the first of the heads that can; else what it draws is taken from
 * several, the fullest first, and what it adds goes to the first of those.
 *
 * @param heads the ends of the account's chains, or of those of them that are to be used
 * @returns undefined where these slots together can't cover it
 */
export function placeChange(heads: readonly Entry[], change: Balances): readonly PlacedChange[] | undefined {
  const one = heads.find((head) => covers(head, change));
  if (one) return [{ head: one, change }];
  const placed = new Map<Entry, Balances>();
  for (const kind of ['available', 'frozen'] as const) {
    let left = change[kind] < 0n ? -change[kind] : 0n;
    for (const head of [...heads].sort((one, other) => compare(roomOf(other, kind), roomOf(one, kind)))) {
      const room = roomOf(head, kind);
      const drawn = room === 'any' || room >= left ? left : room;
      if (drawn <= 0n) continue;
      placed.set(head, addBalances(placed.get(head) ?? noBalances, { ...noBalances, [kind]: -drawn }));
      left -= drawn;
    }
    if (left > 0n) return undefined;
  }
  const [first] = placed.keys();
  if (!first) return undefined;
  const added = (amount: bigint) => (amount > 0n ? amount : 0n);
  const rest = { available: added(change.available), frozen: added(change.frozen), fees: change.fees };
  placed.set(first, addBalances(placed.get(first) ?? noBalances, rest));
  return [...placed].map(([head, part]) => ({ head, change: part }));
}

const covers = (head: Entry, change: Balances): boolean =>
  !breaksFloor(head, { change, after: addBalances(head.after, change) });

/**
 * Whether a change takes an available balance below its floor, or a frozen one below 0. What raises a balance never
 * does. An overdraft is one slot's alone, so that the slots together keep the account's floor.
 */
export const breaksFloor = (
  { slot, terms: { floor } }: Pick<Entry, 'slot' | 'terms'>,
  { change, after }: Pick<Entry, 'change' | 'after'>,
): boolean =>
  (floor !== null && change.available < 0n && after.available < floorOf(slot, floor)) ||
  (change.frozen < 0n && after.frozen < 0n);

const floorOf = (slot: number, floor: bigint): bigint => (slot === 0 ? floor : 0n);

function roomOf({ slot, terms: { floor }, after }: Entry, kind: Exclude<BalanceKind, 'fees'>): bigint | 'any' {
  if (kind === 'frozen') return after.frozen;
  return floor === null ? 'any' : after.available - floorOf(slot, floor);
}

function compare(left: bigint | 'any', right: bigint | 'any'): number {
  if (left === right) return 0;
  if (left === 'any') return 1;
  if (right === 'any') return -1;
  return left < right ? -1 : 1;
}
