/**
 * Counters that payments take room from: one per limit, owner and period, and one per merchant reserve. A busy counter lies in
 * several slots, each with its share of the limit as a ceiling of its own: the ceilings add up to the limit, so that it holds
 * however many payments come at once. An amount that no slot has room for is drawn from several, so that nothing is
 * refused while there is room in the sum.
 */
import type { Reservation } from './route.ts';

export interface Counter {
  /** partition key of its slots */
  readonly key: string;
  /** minor units, 0 or more */
  readonly limit: bigint;
  readonly slots: number;
}

/** What is taken, by slot; slots that nothing was taken from may be missing. */
export interface CounterUse {
  readonly used: ReadonlyMap<number, bigint>;
  /** nothing more is taken: another counter has come in its place */
  readonly closed: boolean;
}

export const unused: CounterUse = { used: new Map(), closed: false };

/** A slot's share of the limit; the shares add up to it. */
export const ceilingOf = ({ limit, slots }: Pick<Counter, 'limit' | 'slots'>, slot: number): bigint =>
  limit / BigInt(slots) + (BigInt(slot) < limit % BigInt(slots) ? 1n : 0n);

/**
 * How far each slot may be filled. After an operator has lowered a limit some slots may hold more than their share: the others'
 * ceilings are lower by that excess, or together they would let in more than the limit. It is taken off the first slots that have
 * room, always in the same order, so that payments which have seen the counter at different moments go by ceilings of which one
 * set nowhere lets in more than the other.
 */
function ceilingsIn(counter: Counter, { used }: CounterUse): readonly bigint[] {
  const shares = Array.from({ length: counter.slots }, (_, slot) => ceilingOf(counter, slot));
  const rooms = shares.map((share, slot) => share - (used.get(slot) ?? 0n));
  let excess = rooms.reduce((sum, room) => (room < 0n ? sum - room : sum), 0n);
  return shares.map((share, slot) => {
    const taken = smaller(excess, larger(rooms[slot] ?? 0n, 0n));
    excess -= taken;
    return share - taken;
  });
}

/** What is left in all; less than nothing after an operator has lowered the limit below what was taken. */
export const roomIn = ({ limit }: Pick<Counter, 'limit'>, { used, closed }: CounterUse): bigint =>
  closed ? 0n : [...used.values()].reduce((left, taken) => left - taken, limit);

/**
 * Takes an amount: from one slot that has room for it, the first at or after `start`; else from the fewest that have.
 *
 * @param start spreads payments over the slots, any whole number of 0 or more
 * @returns undefined where there is too little room in the sum.
 */
export function drawFrom(
  counter: Counter,
  use: CounterUse,
  { amount, start }: { readonly amount: bigint; readonly start: number },
): readonly Reservation[] | undefined {
  if (roomIn(counter, use) < amount) return undefined;
  const ceilings = ceilingsIn(counter, use);
  const slots = Array.from({ length: counter.slots }, (_, place) => {
    const slot = (start + place) % counter.slots;
    const ceiling = ceilings[slot] ?? 0n;
    return { slot, ceiling, room: ceiling - (use.used.get(slot) ?? 0n) };
  });
  const draw = ({ slot, ceiling }: { slot: number; ceiling: bigint }, taken: bigint): Reservation => ({
    counter: counter.key,
    slot,
    amount: taken,
    ceiling,
  });
  const wide = slots.find(({ room }) => room >= amount);
  if (wide) return amount === 0n ? [] : [draw(wide, amount)];
  const drawn: Reservation[] = [];
  let missing = amount;
  for (const each of slots.toSorted((left, right) => Number(right.room - left.room))) {
    if (missing <= 0n || each.room <= 0n) break;
    const taken = smaller(each.room, missing);
    drawn.push(draw(each, taken));
    missing -= taken;
  }
  return drawn;
}

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** A counter as it would be without what a payment holds of it. */
export function withoutHeld(counter: Counter, use: CounterUse, held: readonly Reservation[]): CounterUse {
  const own = held.filter((reservation) => reservation.counter === counter.key);
  if (own.length === 0) return use;
  const used = new Map(use.used);
  for (const { slot, amount } of own) used.set(slot, (used.get(slot) ?? 0n) - amount);
  return { ...use, used };
}
