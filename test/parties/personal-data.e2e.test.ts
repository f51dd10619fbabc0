import { createDecipheriv } from 'node:crypto';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, DecryptCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { getItem, toItem } from '../../functions/kernel/table.ts';
import { opener, recogniser, type Sealed, sealedSchema, sealer } from '../../functions/parties/personal-data.ts';
import { reseal } from '../../functions/parties/reseal.ts';
import { createTable } from '../support/engines.ts';

const kms = new KMSClient({});
const facts = { number: '6200000000000005', idNumber: '110101199003070011' };
const context = { kind: 'card-binding', id: 'bind_01JZ8Q4T6M3V9X5B7N1K2R0C8D' } as const;
let sealingKeyId: string;
let recognitionKeyId: string;

async function newKey(usage: 'ENCRYPT_DECRYPT' | 'GENERATE_VERIFY_MAC'): Promise<string> {
  const spec = usage === 'ENCRYPT_DECRYPT' ? 'SYMMETRIC_DEFAULT' : 'HMAC_256';
  const { KeyMetadata: made } = await kms.send(new CreateKeyCommand({ KeyUsage: usage, KeySpec: spec }));
  if (!made?.KeyId) throw new Error('no key was made');
  return made.KeyId;
}

/** Opens what is sealed as an auditor with the right to decrypt would. */
async function open(sealed: Sealed, asIf: { readonly kind: string; readonly id: string }): Promise<unknown> {
  const command = new DecryptCommand({ CiphertextBlob: sealed.dataKey, EncryptionContext: { ...asIf } });
  const { Plaintext: key } = await kms.send(command);
  if (!key) throw new Error('no key was opened');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.iv)
    .setAAD(Buffer.from(JSON.stringify(asIf)))
    .setAuthTag(sealed.tag);
  return JSON.parse(Buffer.concat([decipher.update(sealed.cipherText), decipher.final()]).toString('utf8'));
}

beforeAll(async () => {
  [sealingKeyId, recognitionKeyId] = await Promise.all([newKey('ENCRYPT_DECRYPT'), newKey('GENERATE_VERIFY_MAC')]);
});

describe('sealed numbers', () => {
  test('are opened by KMS for what they belong to', async () => {
    expect(await open(await sealer({ kms, sealingKeyId })(facts, context), context)).toEqual(facts);
  });

  test('are not opened as if they belonged to something else', async () => {
    const sealed = await sealer({ kms, sealingKeyId })(facts, context);
    await expect(open(sealed, { ...context, id: 'bind_01JZ8Q4T6M3V9X5B7N1K2R0C8E' })).rejects.toThrow();
  });

  test('are not opened when a bit of them was changed', async () => {
    const sealed = await sealer({ kms, sealingKeyId })(facts, context);
    const cipherText = Buffer.from(sealed.cipherText);
    cipherText[0] = (cipherText[0] ?? 0) ^ 1;
    await expect(open({ ...sealed, cipherText }, context)).rejects.toThrow();
  });

  test('show nothing of themselves, and are never sealed the same twice', async () => {
    const seal = sealer({ kms, sealingKeyId });
    const [one, other] = await Promise.all([seal(facts, context), seal(facts, context)]);
    expect(Buffer.from(one.cipherText).toString('latin1')).not.toContain(facts.number);
    expect(Buffer.from(one.cipherText).equals(Buffer.from(other.cipherText))).toBe(false);
    expect(Buffer.from(one.dataKey).equals(Buffer.from(other.dataKey))).toBe(false);
  });
});

describe('what was sealed', () => {
  test('is opened by whoever may, and says which key sealed it', async () => {
    const sealed = await sealer({ kms, sealingKeyId })(facts, context);
    expect(sealed.keyId).toContain(sealingKeyId);
    expect(await opener({ kms })(sealed, context)).toEqual(facts);
    await expect(opener({ kms })(sealed, { ...context, kind: 'member' })).rejects.toThrow();
  });

  test('is sealed anew under a key that replaces the old one, which can then be switched off', async () => {
    const table = await createTable(new DynamoDBClient({}), 'sealed');
    const [old, replacing] = await Promise.all([newKey('ENCRYPT_DECRYPT'), newKey('ENCRYPT_DECRYPT')]);
    const unseal = opener({ kms });
    const ids = Array.from({ length: 5 }, (_, n) => `acct_01JZ8Q4T6M3V9X5B7N1K2R0C8${n}`);
    for (const [n, id] of ids.entries()) {
      const sealed = await sealer({ kms, sealingKeyId: n === 0 ? replacing : old })(facts, { kind: 'member', id });
      await table.client.send(
        new PutItemCommand({ TableName: table.name, Item: toItem({ pk: `MEMBER#${id}`, sk: 'MEMBER', n, sealed }) }),
      );
    }
    const resealing = { table, unseal, seal: sealer({ kms, sealingKeyId: replacing }) };
    const isOver = () => false;
    expect(await reseal(resealing, { isOver })).toEqual({ looked: 5, resealed: 4, current: 1 });
    expect(await reseal(resealing, { isOver })).toEqual({ looked: 5, resealed: 0, current: 5 });

    await kms.send(new DisableKeyCommand({ KeyId: old }));
    for (const [n, id] of ids.entries()) {
      const item = await getItem(table, { pk: `MEMBER#${id}`, sk: 'MEMBER' });
      const { sealed } = z.object({ sealed: sealedSchema }).parse(item);
      expect(item).toMatchObject({ n: BigInt(n) });
      expect(sealed.keyId).toContain(replacing);
      expect(await unseal(sealed, { kind: 'member', id })).toEqual(facts);
    }
  });
});

describe('a number', () => {
  test('is recognised when it is shown again for the same purpose, and only then', async () => {
    const recognise = recogniser({ kms, recognitionKeyId });
    const hash = await recognise('card', 'acct_1', facts.number);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await recognise('card', 'acct_1', facts.number)).toBe(hash);
    expect(await recognise('card', 'acct_2', facts.number)).not.toBe(hash);
    expect(await recognise('facts', 'acct_1', facts.number)).not.toBe(hash);
    expect(await recognise('card', `acct_1${facts.number}`)).not.toBe(hash);
    expect(await recognise('card', 'acct_1', '6200000000000104')).not.toBe(hash);
  });
});
