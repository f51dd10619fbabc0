/** The sweep: finds what a lost message left behind and queues it again. */

import { inLanes } from '../../kernel/in-lanes.ts';
import { unsentBatches } from '../batches/batch-store.ts';
import type { BatchQueue } from '../batches/batches.ts';
import { listCallbacks } from '../callbacks/callback-store.ts';
import { type LookQueue, lastLook } from '../callbacks/callbacks.ts';
import { openShards } from '../payment-store.ts';
import type { Payments } from '../payments.ts';
import { openPayments } from './open-payment-store.ts';
import { needsLook, overdueMs, stuckAfterMs } from './stuck.ts';

export type Sweeping = Pick<Payments, 'table' | 'clock' | 'followUps'> & {
  readonly looks: LookQueue;
  readonly batchQueue: BatchQueue;
};

export interface SweepReport {
  /** payments that are open for longer than half an hour, after their payer's time where they have one */
  readonly stuck: number;
  /** how long the oldest of them has been so; 0 where there is none */
  readonly oldestSeconds: number;
  /** of payments, messages of channels and batches: messages that were queued */
  readonly queued: number;
}

/** So many keep a run within a minute; what it leaves, the next one does. */
const queuedPerList = 250;
const countedPerShard = 20_000;

const minuteMs = 60_000;
/** Messages that wait for their payment are looked at within five minutes. */
const lookLostAfterMs = 10 * minuteMs;
/** Whoever works on one is done with it, or dead, after three minutes. */
const batchLostAfterMs = 10 * minuteMs;
/** Later than the queue ever looks: a payment may come back from a restored table, an order number from a corrected one. */
const unmatchedAgainAfterMs = 60 * minuteMs;
const unmatchedForMs = 3 * 24 * 60 * minuteMs;

/**
 * A look too many changes nothing, so that nothing is marked as queued.
 *
 * Half a read unit for some twenty open payments that are older than half an hour, of which there are few.
 */
export async function sweepUnfinished(sweeping: Sweeping): Promise<SweepReport> {
  const shards = Array.from({ length: openShards }, (_, shard) => shard);
  const swept = await Promise.all(shards.map((shard) => sweepPayments(sweeping, shard)));
  const [looks, batches] = await Promise.all([sweepCallbacks(sweeping), sweepBatches(sweeping)]);
  return {
    stuck: swept.reduce((sum, { stuck }) => sum + stuck, 0),
    oldestSeconds: Math.max(0, ...swept.map(({ oldestSeconds }) => oldestSeconds)),
    queued: swept.reduce((sum, { queued }) => sum + queued, looks + batches),
  };
}

async function sweepPayments({ table, clock, followUps }: Sweeping, shard: number): Promise<SweepReport> {
  const now = clock();
  let counted = 0;
  let stuck = 0;
  let oldestMs = 0;
  let queued = 0;
  for await (const open of openPayments(table, { shard, until: new Date(now.getTime() - stuckAfterMs) })) {
    counted += 1;
    const waited = overdueMs(open, now);
    if (waited >= stuckAfterMs) {
      stuck += 1;
      oldestMs = Math.max(oldestMs, waited);
    }
    if (queued < queuedPerList && needsLook(open, now)) {
      await followUps.send({ paymentId: open.id, attempt: open.attempt, check: 1, once: true }, 0);
      queued += 1;
    }
    if (counted === countedPerShard) break;
  }
  return { stuck, oldestSeconds: Math.floor(oldestMs / 1000), queued };
}

async function sweepBatches({ table, clock, batchQueue }: Sweeping): Promise<number> {
  const before = new Date(clock().getTime() - batchLostAfterMs);
  const unsent = await unsentBatches(table, { before, limit: queuedPerList });
  await inLanes(unsent, 10, (id) => batchQueue.send(id, 0));
  return unsent.length;
}

async function sweepCallbacks({ table, clock, looks }: Sweeping): Promise<number> {
  const now = clock().getTime();
  const before = (ms: number) => new Date(now - ms);
  const [received, unmatched] = await Promise.all([
    listCallbacks(table, {
      state: 'received',
      until: before(lookLostAfterMs).toISOString(),
      limit: queuedPerList,
    }),
    listCallbacks(table, {
      state: 'unmatched',
      from: before(unmatchedForMs).toISOString(),
      until: before(unmatchedAgainAfterMs).toISOString(),
      limit: queuedPerList,
    }),
  ]);
  const again = [
    ...received
      .filter(({ changedAt }) => changedAt <= before(lookLostAfterMs))
      .map(({ id }) => ({ callbackId: id, look: 1 })),
    ...unmatched
      .filter(({ changedAt }) => changedAt <= before(unmatchedAgainAfterMs))
      .map(({ id }) => ({ callbackId: id, look: lastLook })),
  ];
  await inLanes(again, 10, (look) => looks.send(look, 0));
  return again.length;
}
