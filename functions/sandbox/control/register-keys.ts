import { rsaCheck } from '../../kernel/message-signature.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { dialectOf, xml } from '../messages/dialect.ts';
import { type MerchantKeys, registerMerchantKeys } from '../messages/key-store.ts';
import type { Keyring } from '../messages/keys.ts';

/**
 * From now on the merchant signs with its own key: in XML with the private half of `publicKey`, for which it gets our
 * public key; in JSON with `secret`, instead of the one that all others share.
 */
export async function registerKeys(
  keyring: Keyring,
  merchant: ServedMerchant,
  keys: MerchantKeys,
): Promise<{ readonly registered: true; readonly publicKey?: string } | Refusal<'wrong_key'>> {
  if (dialectOf(merchant.channel) !== xml) {
    if (keys.secret === undefined) return refuse('wrong_key', 'The channel signs with a secret.');
    await registerMerchantKeys(keyring, merchant, { secret: keys.secret });
    return { registered: true };
  }
  if (keys.publicKey === undefined || !isPublicKey(keys.publicKey)) {
    return refuse('wrong_key', 'The channel signs with RSA keys of at least 2 048 bits.');
  }
  await registerMerchantKeys(keyring, merchant, { publicKey: keys.publicKey });
  return { registered: true, publicKey: (await keyring.ownKeys()).publicKey };
}

function isPublicKey(text: string): boolean {
  try {
    rsaCheck(text);
    return true;
  } catch {
    return false;
  }
}
