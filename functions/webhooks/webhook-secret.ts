/**
 * The secrets of webhooks: `whsec_` and 32 random bytes in base64 (Standard Webhooks asks for 24 to 64). KMS encrypts each
 * for its endpoint alone; only the function that signs may have it decrypted.
 */
import { DecryptCommand, EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { WebhookEndpointId } from '../kernel/ids.ts';

export type SealedSecret = Uint8Array;

/** How a secret is sealed for one endpoint and opened again. It can't be opened as another endpoint's. */
export interface SecretBox {
  readonly seal: (endpointId: WebhookEndpointId, secret: string) => Promise<SealedSecret>;
  readonly open: (endpointId: WebhookEndpointId, sealed: SealedSecret) => Promise<string>;
}

const prefix = 'whsec_';
const secretBytes = 32;

export const newWebhookSecret = (randomBytes: (size: number) => Buffer): string =>
  `${prefix}${randomBytes(secretBytes).toString('base64')}`;

/** The key itself, out of the text that receivers keep. */
export const keyOfSecret = (secret: string): Buffer => Buffer.from(secret.slice(prefix.length), 'base64');

const contextOf = (endpointId: WebhookEndpointId) => ({ kind: 'webhook-endpoint', id: endpointId });

export const kmsSecretBox = ({
  kms,
  keyId,
}: {
  readonly kms: Pick<KMSClient, 'send'>;
  readonly keyId: string;
}): SecretBox => ({
  seal: async (endpointId, secret) => {
    const { CiphertextBlob: sealed } = await kms.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from(secret), EncryptionContext: contextOf(endpointId) }),
    );
    if (!sealed) throw new Error('KMS answered without a cipher text');
    return sealed;
  },
  open: async (endpointId, sealed) => {
    const { Plaintext: secret } = await kms.send(
      new DecryptCommand({ KeyId: keyId, CiphertextBlob: sealed, EncryptionContext: contextOf(endpointId) }),
    );
    if (!secret) throw new Error('KMS answered without a plain text');
    return Buffer.from(secret).toString();
  },
});

/** As many as a busy process signs with; each is asked of KMS once. */
const rememberedSecrets = 500;

/** Opens each secret once in the life of a process: a call of KMS costs more than all else that a delivery does. */
export function rememberingOpener(open: SecretBox['open']): SecretBox['open'] {
  const opened = new Map<string, Promise<string>>();
  return (endpointId, sealed) => {
    const name = `${endpointId}#${Buffer.from(sealed).toString('base64')}`;
    const known = opened.get(name);
    if (known) return known;
    const opening = open(endpointId, sealed).catch((error: unknown) => {
      opened.delete(name);
      throw error;
    });
    if (opened.size >= rememberedSecrets) opened.clear();
    opened.set(name, opening);
    return opening;
  };
}
