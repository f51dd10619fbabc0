/**
 * Remembers the first answer to an `Idempotency-Key` for seven days.
 *
 * | pk | attributes |
 * | --- | --- |
 * | `<caller>#<action>#<key>` | state running/done, fingerprint, operationId, leaseUntil (ms), status, body, expiresAt (s) |
 */
import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { conditionHolds, fromItem, isConditionFailed, type Table, toItem } from '../kernel/table.ts';

export interface IdempotencyScope {
  readonly caller: string;
  readonly action: string;
  readonly key: string;
}

export interface RememberedAnswer {
  readonly status: number;
  /** JSON text, or undefined where the answer has no body */
  readonly body?: string | undefined;
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly operationId: string; readonly leaseUntil: number }
  | { readonly outcome: 'replay'; readonly answer: RememberedAnswer }
  | { readonly outcome: 'running' }
  | { readonly outcome: 'mismatch' };

const recordSchema = z.object({
  state: z.enum(['running', 'done']),
  fingerprint: z.string(),
  operationId: z.string(),
  leaseUntil: z.bigint(),
  status: z.bigint().optional(),
  body: z.string().optional(),
});

/** Longer than a function may run, so that a lease ends only after its holder is gone. */
const leaseMs = 35_000;
const keptSeconds = 7 * 24 * 60 * 60;

const keyOf = (scope: IdempotencyScope) => toItem({ pk: `${scope.caller}#${scope.action}#${scope.key}` });

/**
 * Claims a key, or tells what became of it. A holder that died is succeeded by the next request once its lease is
 * over, under the same operation id, so that the use case resumes what it finds. 1 write unit; a repeat costs the same.
 */
export async function claimKey(
  table: Table,
  scope: IdempotencyScope,
  request: { readonly fingerprint: string; readonly operationId: string; readonly now: number },
): Promise<Claim> {
  const leaseUntil = request.now + leaseMs;
  try {
    await table.client.send(
      new PutItemCommand({
        TableName: table.name,
        Item: {
          ...keyOf(scope),
          ...toItem({
            state: 'running',
            fingerprint: request.fingerprint,
            operationId: request.operationId,
            leaseUntil,
            expiresAt: Math.floor(request.now / 1000) + keptSeconds,
          }),
        },
        ConditionExpression: 'attribute_not_exists(pk) OR expiresAt < :now',
        ExpressionAttributeValues: toItem({ ':now': Math.floor(request.now / 1000) }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { outcome: 'claimed', operationId: request.operationId, leaseUntil };
  } catch (error) {
    if (!isConditionFailed(error) || !error.Item) throw error;
    const held = recordSchema.parse(fromItem(error.Item));
    if (held.fingerprint !== request.fingerprint) return { outcome: 'mismatch' };
    if (held.state === 'done') {
      return { outcome: 'replay', answer: { status: Number(held.status), body: held.body } };
    }
    if (Number(held.leaseUntil) > request.now) return { outcome: 'running' };
    const succeeded = await moveLease(table, scope, { from: Number(held.leaseUntil), to: leaseUntil });
    return succeeded ? { outcome: 'claimed', operationId: held.operationId, leaseUntil } : { outcome: 'running' };
  }
}

/** Gives a key free at once after a fault, so that the caller's retry resumes without waiting for the lease. */
export const releaseKey = (table: Table, scope: IdempotencyScope, leaseUntil: number): Promise<boolean> =>
  moveLease(table, scope, { from: leaseUntil, to: 0 });

async function moveLease(table: Table, scope: IdempotencyScope, lease: { from: number; to: number }): Promise<boolean> {
  return conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf(scope),
        UpdateExpression: 'SET leaseUntil = :to',
        ConditionExpression: '#state = :running AND leaseUntil = :from',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: toItem({ ':running': 'running', ':from': lease.from, ':to': lease.to }),
      }),
    ),
  );
}

/** Keeps the answer. A holder whose lease was taken over changes nothing: its successor answers. 1 write unit. */
export async function rememberAnswer(
  table: Table,
  scope: IdempotencyScope,
  held: { readonly leaseUntil: number; readonly answer: RememberedAnswer },
): Promise<boolean> {
  return conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf(scope),
        UpdateExpression: 'SET #state = :done, #status = :status, #body = :body',
        ConditionExpression: '#state = :running AND leaseUntil = :lease',
        ExpressionAttributeNames: { '#state': 'state', '#status': 'status', '#body': 'body' },
        ExpressionAttributeValues: toItem({
          ':done': 'done',
          ':running': 'running',
          ':lease': held.leaseUntil,
          ':status': held.answer.status,
          ':body': held.answer.body ?? '',
        }),
      }),
    ),
  );
}
