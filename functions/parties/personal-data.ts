/**
 * Card and identity numbers. They are sealed under a data key of their own that only KMS can open (envelope encryption),
 * and recognised by a keyed hash whose key never leaves KMS. Why not the AWS Encryption SDK: docs/decisions/0004.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms';
import * as z from 'zod';

export interface PersonalDataKeys {
  readonly kms: Pick<KMSClient, 'send'>;
  /** encrypts data keys */
  readonly sealingKeyId: string;
  /** hashes what must be recognised and not read (HMAC_256) */
  readonly recognitionKeyId: string;
}

/** AES-256-GCM, whose additional data is the encryption context as JSON; the data key is opened by KMS with the same context. */
export interface Sealed {
  /** ARN of the KMS key under which the data key is encrypted, and which of its materials, where KMS tells */
  readonly keyId: string;
  readonly keyMaterialId?: string | undefined;
  readonly dataKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly cipherText: Uint8Array;
}

const bytesSchema = z.instanceof(Uint8Array);

export const sealedSchema = z.object({
  keyId: z.string(),
  keyMaterialId: z.string().optional(),
  dataKey: bytesSchema,
  iv: bytesSchema,
  tag: bytesSchema,
  cipherText: bytesSchema,
});

/** What the sealed data belongs to: it can't be opened as anything else's. */
export type SealingContext = { readonly kind: 'card-binding' | 'member' | 'verification'; readonly id: string };

export type Seal = (facts: Readonly<Record<string, string>>, context: SealingContext) => Promise<Sealed>;

/** A fresh data key for each call, so an initialisation vector can't repeat under one key (NIST SP 800-38D §8). */
export const sealer =
  ({ kms, sealingKeyId }: Pick<PersonalDataKeys, 'kms' | 'sealingKeyId'>): Seal =>
  async (facts, { kind, id }) => {
    const context = { kind, id };
    const {
      Plaintext: key,
      CiphertextBlob: dataKey,
      KeyId: keyId,
      KeyMaterialId: keyMaterialId,
    } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: sealingKeyId, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    if (!key || !dataKey || !keyId) throw new Error('KMS answered without a data key');
    try {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(JSON.stringify(context)));
      const cipherText = Buffer.concat([cipher.update(JSON.stringify(facts), 'utf8'), cipher.final()]);
      return { keyId, keyMaterialId, dataKey, iv, tag: cipher.getAuthTag(), cipherText };
    } finally {
      key.fill(0);
    }
  };

export type Unseal = (sealed: Sealed, context: SealingContext) => Promise<Readonly<Record<string, string>>>;

const factsSchema = z.record(z.string(), z.string());

/** Opens what was sealed, as what it was sealed as. Few functions have the right to. */
export const opener =
  ({ kms }: Pick<PersonalDataKeys, 'kms'>): Unseal =>
  async ({ dataKey, iv, tag, cipherText }, { kind, id }) => {
    const context = { kind, id };
    const { Plaintext: key } = await kms.send(
      new DecryptCommand({ CiphertextBlob: dataKey, EncryptionContext: context }),
    );
    if (!key) throw new Error('KMS answered without a data key');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, iv)
        .setAAD(Buffer.from(JSON.stringify(context)))
        .setAuthTag(tag);
      const text = Buffer.concat([decipher.update(cipherText), decipher.final()]).toString('utf8');
      return factsSchema.parse(JSON.parse(text));
    } finally {
      key.fill(0);
    }
  };

/**
 * The keyed hash of what must be recognised and never read: a card of an account, the facts of a verification, the
 * amount that proves an enterprise. The same purpose and parts give the same hash; without the key nobody can try them.
 */
export type Recognise = (purpose: 'card' | 'facts' | 'amount', ...parts: readonly string[]) => Promise<string>;

export const recogniser =
  ({ kms, recognitionKeyId }: Pick<PersonalDataKeys, 'kms' | 'recognitionKeyId'>): Recognise =>
  async (purpose, ...parts) => {
    const { Mac: mac } = await kms.send(
      new GenerateMacCommand({
        KeyId: recognitionKeyId,
        MacAlgorithm: 'HMAC_SHA_256',
        // as JSON, so that ("ab","c") and ("a","bc") differ
        Message: Buffer.from(JSON.stringify([purpose, ...parts])),
      }),
    );
    if (!mac) throw new Error('KMS answered without a hash');
    return Buffer.from(mac).toString('hex');
  };
