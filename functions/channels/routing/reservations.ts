/** Room under limits and in merchant reserves, taken and given back with a payment's own writes. */
import type { Write } from '../../kernel/write.ts';
import type { Channels } from '../channels.ts';
import type { Reservation } from './route.ts';

/** For the transaction that stores a payment; each is broken where there is no room any more. */
export function reserveWrites(
  _channels: Pick<Channels, 'table'>,
  reservations: readonly Reservation[],
): readonly Write[] {
  if (reservations.length > 0) throw new RangeError('nothing is limited yet');
  return [];
}

/** For the transaction in which a payment fails. */
export function releaseWrites(
  _channels: Pick<Channels, 'table'>,
  reservations: readonly Reservation[],
): readonly Write[] {
  if (reservations.length > 0) throw new RangeError('nothing is limited yet');
  return [];
}
