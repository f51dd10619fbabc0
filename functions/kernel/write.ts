/**
 * A `Write` is one part of a transaction that a store hands out without performing it, so that a use case commits the
 * facts of several contexts together. Only stores make writes and only the committer opens them.
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

declare const opaque: unique symbol;

export interface Write {
  readonly [opaque]: true;
}

interface OpenWrite {
  readonly action: TransactWriteItem;
}

/** For stores. Asks DynamoDB to return the item that stood in the way when the action's condition fails. */
export function write(action: TransactWriteItem): Write {
  const returned = 'ALL_OLD' as const;
  const open: OpenWrite = {
    action: {
      ...(action.Put && { Put: { ...action.Put, ReturnValuesOnConditionCheckFailure: returned } }),
      ...(action.Update && { Update: { ...action.Update, ReturnValuesOnConditionCheckFailure: returned } }),
      ...(action.Delete && { Delete: { ...action.Delete, ReturnValuesOnConditionCheckFailure: returned } }),
      ...(action.ConditionCheck && {
        ConditionCheck: { ...action.ConditionCheck, ReturnValuesOnConditionCheckFailure: returned },
      }),
    },
  };
  return open as unknown as Write; // the brand exists only in types
}

const openWrite = (sealed: Write): OpenWrite => sealed as unknown as OpenWrite; // the inverse of the cast above

/** Which write's condition failed, and the item that it met there (absent when there was none). */
export interface BrokenWrite {
  readonly write: Write;
  readonly item?: Record<string, AttributeValue>;
}

export type Commit =
  | { readonly committed: true }
  | { readonly committed: false; readonly broken: readonly BrokenWrite[] };

/** DynamoDB's own limit of actions in one transaction. */
export const maximumWrites = 100;

/** Others were faster, again and again: nothing was written, and the caller may try again in a while. */
export class RacesLost extends Error {
  override readonly name = 'RacesLost';
}

/** Performs all writes or none. Built once by {@link committer} and handed to use cases. */
export type CommitWrites = (writes: readonly Write[]) => Promise<Commit>;

/** How to wait between tries; handed in, so that a test neither waits nor rolls dice. */
export interface Pause {
  readonly random: () => number;
  readonly sleepMs: (milliseconds: number) => Promise<unknown>;
}

const transientReasons = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
const maximumAttempts = 8;

/**
 * One TransactWriteItems (2 write units per item and KiB; an answer of `broken` costs the same).
 *
 * A failed condition is an answer, not an error: it comes back as `broken`. A conflict with another transaction on the
 * same item is retried with jitter, since nothing was written; all else is thrown.
 *
 * @param conflicts `answered` for a caller that would rather look again: then a conflict comes back at once, as a commit
 *   in which nothing is broken
 *
 * The request carries no client token: DynamoDB would remember it for ten minutes only. A retry after a lost answer
 * meets its own conditions, and callers recognise what they wrote themselves.
 */
export function committer(
  client: Pick<DynamoDBClient, 'send'>,
  pause: Pause,
  conflicts: 'retried' | 'answered' = 'retried',
): CommitWrites {
  return async (writes) => {
    if (writes.length === 0) return { committed: true };
    if (writes.length > maximumWrites) throw new RangeError(`${writes.length} writes pass DynamoDB's limit of 100`);
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map((each) => openWrite(each).action) });
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(command);
        return { committed: true };
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        const broken = brokenWrites(writes, error);
        if (broken.length > 0) return { committed: false, broken };
        const reasons = error.CancellationReasons ?? [];
        const transient = reasons.some((reason) => transientReasons.has(reason.Code ?? ''));
        if (transient && conflicts === 'answered') return { committed: false, broken: [] };
        if (!transient || attempt === maximumAttempts) throw error;
        await pause.sleepMs(pause.random() * 10 * 2 ** attempt);
      }
    }
  };
}

function brokenWrites(writes: readonly Write[], error: TransactionCanceledException): BrokenWrite[] {
  return (error.CancellationReasons ?? []).flatMap((reason, index): BrokenWrite[] => {
    const failed = writes[index];
    if (reason.Code !== 'ConditionalCheckFailed' || failed === undefined) return [];
    return [reason.Item ? { write: failed, item: reason.Item } : { write: failed }];
  });
}
