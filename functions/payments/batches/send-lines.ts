/** Sends the lines of a batch: to each channel and merchant number one order, until every line is under way. */
import { maximumAttempts } from '../../channels/index.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { type Payment, paymentIdOf } from '../payment.ts';
import { isOpen } from '../payment-states.ts';
import { readPayment } from '../payment-store.ts';
import { submitBatch } from './ask-batch.ts';
import { type BatchOrder, isRefused } from './batch.ts';
import { insertOrder, markAnswered, type StoredBatch } from './batch-store.ts';
import type { Batches } from './batches.ts';
import { concludeOrder } from './conclude-order.ts';

/** What a run that died had written, each channel that a line may be sent to, and the look that finds nothing left. */
const maximumRounds = maximumAttempts + 2;

/** 1 read unit a line. */
const readLanes = 20;

/**
 * What a channel refuses for itself is written to the next one and sent in the next round, so that there are as many rounds as
 * channels. An order is written down before its channel is asked; one that was asked in a run that died is asked again under the
 * same number, which a channel takes once.
 */
export async function sendLines(batches: Batches, stored: StoredBatch): Promise<void> {
  let orders = stored.orders;
  for (let round = 1; round <= maximumRounds; round++) {
    const open = await openPaymentsOf(batches, stored);
    const written = orders.filter(({ state }) => state === 'sending');
    const askedBefore = written.length > 0;
    const next = askedBefore ? written : await writeOrders(batches, { ...stored, orders }, open);
    if (next.length === 0) return;
    for (const order of next) {
      await sendOrder(batches, stored, { order, open, askedBefore });
      await markAnswered(batches.table, stored.batch.id, order);
    }
    const answered = next.map((order) => ({ ...order, state: 'answered' }) as const);
    orders = [...orders.filter(({ state }) => state === 'answered'), ...answered];
  }
  throw new Error(`the batch ${stored.batch.id} is not sent after ${maximumRounds} rounds`);
}

/** Lines that wait for their channel; those that were refused have no payment of this batch. */
export async function openPaymentsOf(
  { table }: Pick<Batches, 'table'>,
  { batch, lines }: Pick<StoredBatch, 'batch' | 'lines'>,
): Promise<readonly Payment[]> {
  const wanted = lines.filter((line) => !isRefused(batch, line));
  const found = await inLanes(wanted, readLanes, ({ reference }) =>
    readPayment(table, paymentIdOf(batch.institutionId, reference)),
  );
  return found
    .filter((payment) => payment !== undefined)
    .filter(({ batchNo, status }) => batchNo === batch.id && isOpen(status));
}

async function writeOrders(
  { table }: Batches,
  { batch, orders }: StoredBatch,
  open: readonly Payment[],
): Promise<readonly BatchOrder[]> {
  const carried = new Set(orders.flatMap(({ channelOrderNos }) => channelOrderNos));
  const unsent = open.filter(({ channelOrderNo }) => !carried.has(channelOrderNo));
  const groups = Map.groupBy(unsent, ({ channel, merchantNo }) => `${channel}#${merchantNo}`);
  const first = 1 + Math.max(0, ...orders.map(({ sequence }) => sequence));
  const written = [...groups.values()].flatMap((group, place): BatchOrder[] => {
    const [line] = group;
    if (!line) return [];
    const { channel, merchantNo } = line;
    const channelOrderNos = group.map(({ channelOrderNo }) => channelOrderNo);
    return [{ sequence: first + place, channel, merchantNo, channelOrderNos, state: 'sending' }];
  });
  for (const order of written) {
    if (!(await insertOrder(table, batch.id, order))) throw new Error(`another sends the batch ${batch.id}`);
  }
  return written;
}

async function sendOrder(
  batches: Batches,
  { batch }: StoredBatch,
  {
    order,
    open,
    askedBefore,
  }: { readonly order: BatchOrder; readonly open: readonly Payment[]; readonly askedBefore: boolean },
): Promise<void> {
  const lines = open.filter(({ channelOrderNo }) => order.channelOrderNos.includes(channelOrderNo));
  if (lines.length === 0) return; // each was looked after meanwhile
  const { asked, sent } = await submitBatch(batches, { batch, order, lines });
  await concludeOrder(batches, sent, { ...asked, askedBefore });
}
