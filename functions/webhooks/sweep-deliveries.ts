/** Finds what a lost message left behind: open deliveries that were due a while ago get their turn again. */
import { openDueBefore, openShards } from './delivery-store.ts';
import { turnOf } from './record-event.ts';
import type { Webhooks } from './webhooks.ts';

/** Longer than a message is busy with a lane, comes back after a crash, or hops past its time. */
const graceMs = 600_000;

/** Of each part, as many as a run queues in some seconds; the next run goes on. */
const sweptAtOnce = 100;

/**
 * Half a read unit per 4 KiB of what it finds.
 *
 * @returns how many turns were queued; one too many changes nothing
 */
export async function sweepDeliveries({
  table,
  clock,
  turns,
}: Pick<Webhooks, 'table' | 'clock' | 'turns'>): Promise<number> {
  const before = new Date(clock().getTime() - graceMs);
  const shards = Array.from({ length: openShards }, (_, shard) => shard);
  const found = await Promise.all(shards.map((shard) => openDueBefore(table, shard, { before, limit: sweptAtOnce })));
  const overdue = found.flat();
  for (const delivery of overdue) await turns.send(turnOf(delivery), 0);
  return overdue.length;
}
