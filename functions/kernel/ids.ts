/** Identifiers: a prefix that says what it names, and 26 characters of Crockford's base 32. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

declare const brand: unique symbol;
export type Id<Prefix extends string> = `${Prefix}_${string}` & { readonly [brand]: Prefix };

export type InstitutionId = Id<'inst'>;
export type AccountId = Id<'acct'>;
export type PostingId = Id<'post'>;
export type PaymentId = Id<'pay'>;
export type BindingId = Id<'bind'>;
export type VerificationId = Id<'ver'>;
export type ApprovalId = Id<'appr'>;
export type ReconciliationId = Id<'recon'>;
export type HoldId = Id<'hold'>;
export type DifferenceId = Id<'diff'>;
export type WebhookEndpointId = Id<'wep'>;
export type EventId = Id<'evt'>;
export type DeliveryId = Id<'dlv'>;
export type CallbackId = Id<'cbk'>;
export type BatchId = Id<'batch'>;
export type ArrivalId = Id<'arr'>;

/**
 * The id of what an operation makes. An operation's ULID has an id's 26 characters, sorts by time and stays the same when
 * a retry takes over, so the retry finds what the first try made.
 */
export const idOfOperation = <Prefix extends string>(prefix: Prefix, operationId: string): Id<Prefix> =>
  `${prefix}_${operationId}` as Id<Prefix>; // the one place where an operation's id gets a brand

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The id that follows from what it stands for: the same facts give the same id, so a repeated command finds what the
 * first one made. 130 bits of SHA-256; parts are length-prefixed, so that ("ab","c") and ("a","bc") differ.
 */
export function idFrom<Prefix extends string>(prefix: Prefix, ...facts: readonly string[]): Id<Prefix> {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${Buffer.byteLength(fact)}:`).update(fact);
  const digest = hash.digest();
  let bits = 0n;
  for (const byte of digest.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let place = 0; place < 26; place++) {
    text = `${alphabet[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return `${prefix}_${text}` as Id<Prefix>;
}

/** A zod schema for an id of one prefix. */
export const idSchema = <const Prefix extends string>(prefix: Prefix) =>
  z
    .templateLiteral([z.literal(prefix), z.literal('_'), z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)], {
      // its type knows no other issue than a wrong type
      error: ({ code }: { readonly code: string }) =>
        code === 'invalid_format' ? `must be ${prefix}_ and 26 letters and digits` : undefined,
    })
    .transform((text) => text as unknown as Id<Prefix>) // the pattern has just been checked
    .meta({ description: `id that starts with ${prefix}_`, example: `${prefix}_01JZ8Q4T6M3V9X5B7N1K2R0C8D` });

/** An id's 26 characters without the prefix: what fits a channel's order number (at most 32 letters and digits). */
export const bareId = (id: Id<string>): string => id.slice(id.indexOf('_') + 1);
