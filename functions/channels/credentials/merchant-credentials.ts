/** How adapters come by the credentials of a merchant number. */
import type { Clock } from '../../kernel/clock.ts';
import type { MerchantReference } from '../channel-adapter.ts';
import type { Credentials } from './credentials.ts';
import type { SecretVault } from './secret-vault.ts';

/**
 * Kept for 5 minutes. `renewed` is for when a channel's signature or its answer says that they are wrong: they are read again,
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

export function merchantCredentials({ read }: Pick<SecretVault, 'read'>, clock: Clock): MerchantCredentials {
  const held = new Map<string, { readonly at: number; readonly credentials: Promise<Credentials | undefined> }>();
  return ({ channel, merchantNo }, freshness = 'kept') => {
    const key = `${channel}/${merchantNo}`;
    const now = clock().getTime();
    const known = held.get(key);
    if (known && now - known.at < (freshness === 'kept' ? keptMs : renewedMs)) return known.credentials;
    const reading = { at: now, credentials: read({ channel, merchantNo }) };
    held.set(key, reading);
    reading.credentials.then(
      // what was just put is to work at once
      (credentials) => credentials === undefined && forget(reading),
      () => forget(reading),
    );
    return reading.credentials;

    function forget(failed: typeof reading): void {
      if (held.get(key) === failed) held.delete(key);
    }
  };
}
