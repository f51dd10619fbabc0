/** How adapters come by the credentials of a merchant number. */
import type { Clock } from '../../kernel/clock.ts';
import type { MerchantReference } from '../channel-adapter.ts';
import type { Credentials } from './credentials.ts';
import type { SecretVault } from './secret-vault.ts';

/**
 * Kept for 5 minutes, and that there are none for 5 s: merchant numbers of channels that ask for none would have the vault read
 * for each payment. `renewed` is for when a channel's signature or its answer says that they are wrong: they are read again,
 * unless that was done less than 10 s ago.
 *
 * @returns undefined where an operator has put none
 * @throws Error where they can't be read: nothing was sent then
 */
export type MerchantCredentials = (
  merchant: MerchantReference,
  freshness?: 'kept' | 'renewed',
) => Promise<Credentials | undefined>;

const keptMs = 5 * 60_000;
const renewedMs = 10_000;
/** What was put is to work soon, as all that operators change. */
const absentMs = 5_000;

interface Reading {
  readonly at: number;
  absent: boolean;
  readonly credentials: Promise<Credentials | undefined>;
}

export function merchantCredentials({ read }: Pick<SecretVault, 'read'>, clock: Clock): MerchantCredentials {
  const held = new Map<string, Reading>();
  return ({ channel, merchantNo }, freshness = 'kept') => {
    const key = `${channel}/${merchantNo}`;
    const now = clock().getTime();
    const known = held.get(key);
    const believedMs = known?.absent ? absentMs : freshness === 'kept' ? keptMs : renewedMs;
    if (known && now - known.at < believedMs) return known.credentials;
    const reading: Reading = { at: now, absent: false, credentials: read({ channel, merchantNo }) };
    held.set(key, reading);
    reading.credentials.then(
      (credentials) => {
        reading.absent = credentials === undefined;
      },
      () => {
        if (held.get(key) === reading) held.delete(key);
      },
    );
    return reading.credentials;
  };
}
