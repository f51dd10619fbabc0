import type { Id } from '../kernel/ids.ts';

/**
 * The id of what an operation makes. An operation's ULID has an id's 26 characters, sorts by time and stays the same when
 * a retry takes over, so the retry finds what the first try made.
 */
export const idOfOperation = <Prefix extends string>(prefix: Prefix, operationId: string): Id<Prefix> =>
  `${prefix}_${operationId}` as Id<Prefix>; // the one place where an operation's id gets a brand
