/** With what a merchant and we sign to each other, by the dialect of its channel. */
import { hmacKey, rsaCheck, rsaSigner, type SignatureCheck, type Signer } from '../../kernel/message-signature.ts';
import type { Table } from '../../kernel/table.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { dialectOf, xml } from './dialect.ts';
import { findMerchantKeys, type OwnKeys } from './key-store.ts';

export interface Keyring {
  readonly table: Table;
  /** of all merchants of the JSON dialect that have registered none of their own */
  readonly sharedSecret: () => Promise<string>;
  readonly ownKeys: () => Promise<OwnKeys>;
}

export interface KeysOfMerchant {
  readonly signer: Signer;
  /** absent for a merchant of the XML dialect that has registered no key: nothing proves that it is the one who speaks */
  readonly check?: SignatureCheck;
}

/** One read unit. */
export async function keysOf(keyring: Keyring, merchant: ServedMerchant): Promise<KeysOfMerchant> {
  const registered = await findMerchantKeys(keyring, merchant);
  if (dialectOf(merchant.channel) === xml) {
    const signer = rsaSigner((await keyring.ownKeys()).privateKey);
    return registered.publicKey === undefined ? { signer } : { signer, check: rsaCheck(registered.publicKey) };
  }
  const key = hmacKey(registered.secret ?? (await keyring.sharedSecret()));
  return { signer: key, check: key };
}
