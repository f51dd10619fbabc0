/**
 * Whoever works on a lane holds its lease, so that no two deliveries of one object to one endpoint are on their way at once.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `LANE#<endpointId>#<objectId>` | `LEASE` | leaseUntil (ms) |
 */
import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { conditionHolds, type Table, toItem } from '../kernel/table.ts';
import type { Lane } from './delivery.ts';
import { laneKey } from './delivery-store.ts';
import { expiryOf } from './retention.ts';

/** Twice as long as the function may run: a lease ends only after its holder is gone. */
const leaseMs = 60_000;

const keyOf = (lane: Lane) => toItem({ pk: laneKey(lane), sk: 'LEASE' });

/** @returns until when the lane is the caller's, or undefined while it is somebody else's. 1 write unit. */
export async function claimLane(table: Table, lane: Lane, now: Date): Promise<number | undefined> {
  const leaseUntil = now.getTime() + leaseMs;
  const claimed = await conditionHolds(
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: keyOf(lane),
        UpdateExpression: 'SET leaseUntil = :until, expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(pk) OR leaseUntil < :now',
        ExpressionAttributeValues: toItem({
          ':until': leaseUntil,
          ':now': now.getTime(),
          ':expires': expiryOf(now),
        }),
      }),
    ),
  );
  return claimed ? leaseUntil : undefined;
}

/** Nothing to do where the lease ran out and is another's by now. 1 write unit. */
export async function releaseLane(table: Table, lane: Lane, leaseUntil: number): Promise<void> {
  await conditionHolds(
    table.client.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: keyOf(lane),
        ConditionExpression: 'leaseUntil = :until',
        ExpressionAttributeValues: toItem({ ':until': leaseUntil }),
      }),
    ),
  );
}
