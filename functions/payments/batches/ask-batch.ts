/** What a batch asks of a channel, and how that is noted. */
import { adapterOf, findChannel, type PayoutBatchResult } from '../../channels/index.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { findBinding } from '../../parties/index.ts';
import { type Asked, notedAnswer } from '../ask-channel.ts';
import type { Payment } from '../payment.ts';
import type { Batch, BatchOrder } from './batch.ts';
import { batchNoOf } from './batch.ts';
import { type Batches, maximumLanes } from './batches.ts';

/**
 * Hands the lines over as one order. A line whose card has no agreement with the channel any more is left out: its follow-up
 * closes it there, and it fails.
 *
 * @returns the lines that were sent
 */
export async function submitBatch(
  batches: Batches,
  { batch, order, lines }: { readonly batch: Batch; readonly order: BatchOrder; readonly lines: readonly Payment[] },
): Promise<{ readonly asked: Asked<PayoutBatchResult>; readonly sent: readonly Payment[] }> {
  const { channels, clock, callbackUrlOf } = batches;
  const agreed = await withAgreements(batches, lines);
  const channel = await findChannel(channels, order.channel);
  const askedAt = clock().getTime();
  const result: PayoutBatchResult =
    channel && agreed.length > 0
      ? await adapterOf(channels, channel).payoutBatch({
          channel: channel.id,
          merchantNo: order.merchantNo,
          batchNo: batchNoOf(batch.id, order.sequence),
          callbackUrl: callbackUrlOf(channel.id),
          lines: agreed.map(({ payment, agreementNo }) => ({
            channelOrderNo: payment.channelOrderNo,
            amount: payment.amount,
            agreementNo,
          })),
        })
      : { outcome: 'unknown', cause: 'the channel is not in the catalogue, or no card is agreed with it' };
  const call = { operation: 'payout_batch', ...notedAnswer(result), durationMs: clock().getTime() - askedAt } as const;
  return { asked: { result, call }, sent: agreed.map(({ payment }) => payment) };
}

async function withAgreements({ parties }: Batches, lines: readonly Payment[]) {
  const bindings = [...Map.groupBy(lines, ({ bindingId }) => bindingId).entries()];
  const agreed = await inLanes(bindings, maximumLanes, async ([bindingId, ofBinding]) => {
    const binding = bindingId === undefined ? undefined : await findBinding(parties, bindingId);
    if (binding?.status !== 'active') return [];
    const agreements: Readonly<Record<string, { merchantNo: string; agreementNo: string } | undefined>> =
      binding.agreements;
    return ofBinding.flatMap((payment) => {
      const agreement = agreements[payment.channel];
      return agreement?.merchantNo === payment.merchantNo ? [{ payment, agreementNo: agreement.agreementNo }] : [];
    });
  });
  return agreed.flat();
}
