/** What a merchant number is used with: names and secret values, as the channel's adapter knows them. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

export type Credentials = Readonly<Record<string, string>>;

/** Keys and certificates in PEM are texts of a few kilobytes; Secrets Manager holds 64 KiB. */
export const credentialsSchema = z
  .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'must be a name such as apiKey'), z.string().min(1).max(16_384))
  .refine((credentials) => Object.keys(credentials).length > 0, 'names nothing')
  .refine((credentials) => JSON.stringify(credentials).length <= 48_000, 'must have at most 48 000 characters in all');

/** Tells two credentials apart and gives nothing away of what is as long as a secret should be. */
export function fingerprintOf(credentials: Credentials): string {
  const entries = Object.entries(credentials).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 32);
}
