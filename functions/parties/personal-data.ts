/**
 * Card and identity numbers. They are sealed under a data key of their own that only KMS can open (envelope encryption),
 * and recognised by a keyed hash whose key never leaves KMS. Why not the AWS Encryption SDK: docs/decisions/0004.
 */
import { createCipheriv, randomBytes } from 'node:crypto';
import { GenerateDataKeyCommand, GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';

export interface PersonalDataKeys {
  readonly kms: Pick<KMSClient, 'send'>;
  /** encrypts data keys */
  readonly sealingKeyId: string;
  /** hashes card numbers (HMAC_256) */
  readonly recognitionKeyId: string;
}

/** AES-256-GCM, whose additional data is the encryption context as JSON; the data key is opened by KMS with the same context. */
export interface Sealed {
  readonly dataKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly cipherText: Uint8Array;
}

/** What the sealed data belongs to: it can't be opened as anything else's. */
export type SealingContext = { readonly kind: 'card-binding' | 'member'; readonly id: string };

export type Seal = (facts: Readonly<Record<string, string>>, context: SealingContext) => Promise<Sealed>;

/** A fresh data key for each call, so an initialisation vector can't repeat under one key (NIST SP 800-38D §8). */
export const sealer =
  ({ kms, sealingKeyId }: Pick<PersonalDataKeys, 'kms' | 'sealingKeyId'>): Seal =>
  async (facts, { kind, id }) => {
    const context = { kind, id };
    const { Plaintext: key, CiphertextBlob: dataKey } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: sealingKeyId, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    if (!key || !dataKey) throw new Error('KMS answered without a data key');
    try {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(JSON.stringify(context)));
      const cipherText = Buffer.concat([cipher.update(JSON.stringify(facts), 'utf8'), cipher.final()]);
      return { dataKey, iv, tag: cipher.getAuthTag(), cipherText };
    } finally {
      key.fill(0);
    }
  };

/** The same card of the same account gives the same hash; without the key it can't be searched for. */
export type RecogniseCard = (card: { readonly accountId: string; readonly number: string }) => Promise<string>;

export const cardRecogniser =
  ({ kms, recognitionKeyId }: Pick<PersonalDataKeys, 'kms' | 'recognitionKeyId'>): RecogniseCard =>
  async ({ accountId, number }) => {
    const { Mac: mac } = await kms.send(
      new GenerateMacCommand({
        KeyId: recognitionKeyId,
        MacAlgorithm: 'HMAC_SHA_256',
        Message: Buffer.from(`card:${accountId}:${number}`),
      }),
    );
    if (!mac) throw new Error('KMS answered without a hash');
    return Buffer.from(mac).toString('hex');
  };
