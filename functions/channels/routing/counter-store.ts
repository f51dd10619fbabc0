/**
 * Room under limits and in merchant reserves, taken and given back with a payment's own writes.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `LIMIT#<limit>#<per>#<owner>#<currency>#<day or month>` | `SLOT#<n>` | `used` in minor units, `expiresAt` |
 * | `RESERVE#<channel>#<merchantNo>#<epoch>` | `SLOT#<n>` | the same; `closedAt` once another epoch has begun |
 */
import { queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import type { CounterUse } from './counters.ts';
import { counterExpiry } from './limits.ts';
import type { Reservation } from './route.ts';

type Store = { readonly table: Table };

/** One read unit: sixteen slots are 2 KiB. */
export async function readCounter({ table }: Store, key: string): Promise<CounterUse> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :slot)',
    values: { ':pk': key, ':slot': 'SLOT#' },
  });
  const used = new Map(items.map((item) => [Number(String(item['sk']).slice('SLOT#'.length)), amountIn(item['used'])]));
  return { used, closed: items.some((item) => item['closedAt'] !== undefined) };
}

const amountIn = (value: unknown): bigint => (typeof value === 'bigint' ? value : 0n);

/**
 * For the transaction that stores a payment; each is broken where there is no room any more, and then routes are looked for
 * anew. 2 write units for each: one for a counter, unless its room is scattered.
 */
export const reserveWrites = ({ table }: Store, reservations: readonly Reservation[]): readonly Write[] =>
  exchangeWrites({ table }, { reserve: reservations, release: [] });

/**
 * For the transaction in which a payment fails, whose own condition lets it happen once. Nothing breaks them: where the
 * counter is forgotten already, nobody takes from it any more either. 2 write units for each.
 */
export const releaseWrites = ({ table }: Store, reservations: readonly Reservation[]): readonly Write[] =>
  exchangeWrites({ table }, { reserve: [], release: reservations });

/**
 * For the transaction in which a payment goes on to another channel: what both are limited by is moved by the difference
 * alone, since a transaction may touch an item once. Broken as {@link reserveWrites}.
 */
export function exchangeWrites(
  { table }: Store,
  { reserve, release }: { readonly reserve: readonly Reservation[]; readonly release: readonly Reservation[] },
): readonly Write[] {
  const changes = new Map<string, Reservation>();
  const add = (reservation: Reservation, amount: bigint): void => {
    const place = `${reservation.counter} ${reservation.slot}`;
    const ceiling = amount > 0n ? reservation.ceiling : (changes.get(place)?.ceiling ?? reservation.ceiling);
    changes.set(place, { ...reservation, ceiling, amount: (changes.get(place)?.amount ?? 0n) + amount });
  };
  for (const each of release) add(each, -each.amount);
  for (const each of reserve) add(each, each.amount);
  return [...changes.values()].filter(({ amount }) => amount !== 0n).map((change) => changeWrite(table, change));
}

/** A ceiling below the amount lets nothing in, whatever was taken: an absent counter has taken nothing. */
function changeWrite(table: Table, { counter, slot, amount, ceiling }: Reservation): Write {
  const expiry = counterExpiry(counter);
  const taking = amount > 0n;
  const untouched = ceiling >= amount ? 'attribute_not_exists(used) OR ' : '';
  return write({
    Update: {
      TableName: table.name,
      Key: toItem(slotKey(counter, slot)),
      UpdateExpression: `ADD used :amount${expiry === undefined ? '' : ' SET expiresAt = if_not_exists(expiresAt, :expiry)'}`,
      ...(taking && { ConditionExpression: `attribute_not_exists(closedAt) AND (${untouched}used <= :bound)` }),
      ExpressionAttributeValues: toItem({
        ':amount': amount,
        ':expiry': expiry,
        ...(taking && { ':bound': ceiling - amount }),
      }),
    },
  });
}

export const slotKey = (counter: string, slot: number) => ({ pk: counter, sk: `SLOT#${slot}` });
