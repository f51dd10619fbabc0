/** In what the two languages of the sandbox differ: how its words are written and signed. */
import { hmacKey, rsaCheck, rsaSigner } from '../../kernel/message-signature.ts';
import { readXmlMessage, writeXmlMessage, type XmlValue } from '../../kernel/xml-message.ts';
import type { MerchantReference } from '../channel-adapter.ts';
import type { MerchantCredentials } from '../credentials/merchant-credentials.ts';
import type { SigningKeys } from './sandbox-client.ts';

/** What a message is; XML names its root by it. */
export type Root = 'request' | 'response' | 'notice';

/** What a message says; amounts are whole numbers of minor units. */
export type Content = { readonly [name: string]: XmlValue };

export interface SandboxDialect {
  readonly contentType: string;
  readonly write: (root: Root, content: Content) => Promise<string>;
  /** @returns undefined for a text that is none of this dialect */
  readonly read: (root: Root, text: string) => Promise<unknown>;
  /**
   * @param freshness `renewed` after a signature that did not fit
   * @returns undefined for a merchant number that has no key
   * @throws Error where the keys can't be read, or are none
   */
  readonly keysOf: (merchant: MerchantReference, freshness?: 'kept' | 'renewed') => Promise<SigningKeys | undefined>;
  /** how a payer's browser comes to the cashier */
  readonly cashier: 'GET' | 'POST';
}

/** JSON and HMAC. Credentials of a merchant number: `secret`; without them it signs with the secret of all others. */
export const jsonDialect = (secret: () => Promise<string>, credentials: MerchantCredentials): SandboxDialect => ({
  contentType: 'application/json',
  write: async (_root, content) => JSON.stringify(content),
  read: async (_root, text) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  },
  keysOf: async (merchant, freshness) => {
    const own = await credentials(merchant, freshness);
    const key = hmacKey(own?.['secret'] ?? (await secret()));
    return { signer: key, check: key };
  },
  cashier: 'GET',
});

/** XML and RSA. Credentials of a merchant number: `privateKey` and the sandbox's `channelPublicKey`, both PEM. */
export const xmlDialect = (credentials: MerchantCredentials): SandboxDialect => ({
  contentType: 'application/xml; charset=utf-8',
  write: writeXmlMessage,
  read: readXmlMessage,
  keysOf: async (merchant, freshness) => {
    const own = await credentials(merchant, freshness);
    const { privateKey, channelPublicKey } = own ?? {};
    if (privateKey === undefined || channelPublicKey === undefined) return undefined;
    return { signer: rsaSigner(privateKey), check: rsaCheck(channelPublicKey) };
  },
  cashier: 'POST',
});
