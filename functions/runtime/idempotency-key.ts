import * as z from 'zod';

export const idempotencyKeyPattern = /^[\x21-\x7e]{1,128}$/;

/** The header of every write. */
export const idempotencyKeySchema = z
  .string('the header is missing: send a key of your own, the same for each retry')
  .regex(idempotencyKeyPattern, 'must be 1 to 128 visible ASCII characters');
