/** A channel that takes batches, beside what the fake channel does with single orders. */
import type { PayoutBatch, PayoutBatchResult } from '../../functions/channels/index.ts';
import type { BatchId } from '../../functions/kernel/ids.ts';
import type { Batches } from '../../functions/payments/batches/batches.ts';
import { carryBatchOn } from '../../functions/payments/batches/carry-batch-on.ts';
import { objectOf, type Process } from './crash.ts';
import type { World } from './payment-world.ts';

/** `accepts`: each line is carried out. `loses`: it never arrives. `silent`: it is taken and nobody says so. */
export type BatchManner = 'accepts' | 'silent' | 'loses' | 'refuses' | 'refuses_here' | 'not_offered';

export interface BatchChannel {
  /** the batches as they arrived */
  readonly arrived: PayoutBatch[];
  readonly queue: BatchId[];
  readonly seenBy: (process: Process) => Batches;
  /** delivers until nothing is left */
  readonly deliver: (batches: Batches) => Promise<void>;
}

/** @param mannerOf how each channel takes batches; what it accepts it carries out as its single orders */
export function batchChannel(world: World, mannerOf: (channel: string) => BatchManner): BatchChannel {
  const arrived: PayoutBatch[] = [];
  const queue: BatchId[] = [];
  const taken = new Set<string>();

  const take = async (batch: PayoutBatch): Promise<PayoutBatchResult> => {
    const manner = mannerOf(batch.channel);
    if (manner === 'not_offered') return { outcome: 'refused', reason: 'not_offered', retryElsewhere: true };
    arrived.push(batch);
    if (manner === 'loses') return silence;
    if (manner === 'refuses' || manner === 'refuses_here') {
      return { outcome: 'refused', reason: 'not_today', retryElsewhere: manner === 'refuses_here' };
    }
    if (!taken.has(batch.batchNo)) {
      const { channel, merchantNo, callbackUrl } = batch;
      for (const line of batch.lines) await world.channel.adapter.payout({ ...line, channel, merchantNo, callbackUrl });
    }
    taken.add(batch.batchNo);
    return manner === 'silent' ? silence : { outcome: 'accepted' };
  };

  return {
    arrived,
    queue,
    seenBy: (process) => {
      const payments = world.seenBy(process);
      const { sandbox } = payments.channels.adapters;
      if (!sandbox) throw new Error('there is no channel');
      const adapters = { sandbox: { ...sandbox, ...objectOf(process, { payoutBatch: take }) } };
      return {
        ...payments,
        channels: { ...payments.channels, adapters },
        batchQueue: { send: (id) => process.call(async () => void queue.push(id)) },
      };
    },
    deliver: async (batches) => {
      for (let id = queue[0]; id !== undefined; id = queue[0]) {
        await carryBatchOn(batches, id);
        queue.splice(queue.indexOf(id), 1); // only what was handled leaves the queue
      }
    },
  };
}

const silence = { outcome: 'unknown', cause: 'no answer in time' } as const;
