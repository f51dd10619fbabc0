/**
 * What merchants gave us to know them by, and our own pair of RSA keys, made at the first need.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `MERCHANT#<channel>#<merchantNo>` | `KEYS` | publicKey (XML) or secret (JSON) |
 * | `OWN` | `KEYS` | privateKey, publicKey |
 */
import { generateKeyPairSync } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { getItem, type Table, toItem } from '../../kernel/table.ts';
import type { ServedMerchant } from '../channels-served.ts';
import { putIfNew } from '../conditional-update.ts';

type Store = { readonly table: Table };

const merchantKeysSchema = z.object({ publicKey: z.string().optional(), secret: z.string().optional() });

export type MerchantKeys = z.infer<typeof merchantKeysSchema>;

const ownKeysSchema = z.object({ privateKey: z.string(), publicKey: z.string() });

export type OwnKeys = z.infer<typeof ownKeysSchema>;

export async function findMerchantKeys({ table }: Store, merchant: ServedMerchant): Promise<MerchantKeys> {
  const item = await getItem(table, merchantKey(merchant));
  return item ? merchantKeysSchema.parse(item) : {};
}

/** Replaces what was registered before: from now on only the new key is believed. */
export async function registerMerchantKeys({ table }: Store, merchant: ServedMerchant, keys: MerchantKeys) {
  const item = toItem({ ...merchantKey(merchant), ...keys });
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: item }));
}

const ownKey = { pk: 'OWN', sk: 'KEYS' };

/** Two that make them at once get the same ones. */
export async function ownKeys({ table }: Store): Promise<OwnKeys> {
  const kept = await getItem(table, ownKey);
  if (kept) return ownKeysSchema.parse(kept);
  const made = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  if (await putIfNew(table, toItem({ ...ownKey, ...made }))) return made;
  return ownKeysSchema.parse(await getItem(table, ownKey));
}

const merchantKey = ({ channel, merchantNo }: ServedMerchant) => ({
  pk: `MERCHANT#${channel}#${merchantNo}`,
  sk: 'KEYS',
});
