/** 批量代付: many payouts in one order. The batch is accepted as a whole, and each line ends on its own. */
import { createHash } from 'node:crypto';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { type Callback, type CallbackEvent, eventOfOrder, messageNumber } from '../callbacks/callback.ts';
import { feeFor, type OrderProduct, type ServedMerchant } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { keepBatch } from './batch-store.ts';
import { type EndAnswer, isStillProcessing, type OrderFacts, refused } from './order.ts';
import { outageMet } from './outage-store.ts';
import { type PlacedOrder, putInBooks } from './place-order.ts';

export interface PlacedBatch extends ServedMerchant {
  readonly batchNo: string;
  readonly callbackUrl?: string | undefined;
  readonly lines: readonly (Pick<OrderFacts, 'orderNo' | 'amount' | 'currency'> & { readonly agreementNo: string })[];
}

export type BatchAnswer = { readonly outcome: 'accepted' } | EndAnswer | { readonly outcome: 'processing' };

/** The most lines of one batch: all are in the books before it is accepted, and whoever sent it waits 3 s at most. */
export const maximumLines = 200;

const linesAtOnce = 10;
const eventsPerCallback = 20;
const product: OrderProduct = 'payout';

/**
 * The same batch again is accepted again, and its lines stay what they are: a first try that broke off is completed.
 * Lines that are over are told soon after; others at their end, or by a query.
 */
export async function placeBatch(
  sandbox: Sandbox,
  batch: PlacedBatch,
): Promise<BatchAnswer | Refusal<'batch_number_reused'>> {
  if (!feeFor(batch.channel, product)) return refused('product_not_offered');
  const outage = await outageMet({ ...sandbox, now: sandbox.clock() }, batch, batch.batchNo);
  if (outage === 'refuse') return refused('channel_busy', true);
  if (outage) {
    await sandbox.sleepMs(4_000);
    return { outcome: 'processing' };
  }
  if (!(await keepBatch(sandbox, batch, digestOf(batch)))) {
    return refuse('batch_number_reused', 'This batch number belongs to another batch.');
  }
  const events: CallbackEvent[] = [];
  for (let first = 0; first < batch.lines.length; first += linesAtOnce) {
    const some = batch.lines.slice(first, first + linesAtOnce);
    const placed = await Promise.all(some.map((line) => placeLine(sandbox, batch, line)));
    events.push(...placed.flat());
  }
  for (const callback of callbacksFor(batch, events)) await sandbox.callBackLater(callback, 1);
  return { outcome: 'accepted' };
}

/** @returns what can be told of the line soon */
async function placeLine(
  sandbox: Sandbox,
  { channel, merchantNo, callbackUrl }: PlacedBatch,
  line: PlacedBatch['lines'][number],
): Promise<CallbackEvent[]> {
  const placed: PlacedOrder = { channel, merchantNo, kind: 'payout', product, callbackUrl, ...line };
  const placement = await putInBooks(sandbox, placed, 'in a batch');
  if (isRefusal(placement)) return [{ kind: 'payout', channelOrderNo: line.orderNo, ...refused(placement.refused) }];
  const { order } = placement;
  if (!order || order.state === 'awaiting' || order.state === 'closed') return [];
  return isStillProcessing(order, sandbox.clock()) ? [] : [eventOfOrder(order)];
}

function callbacksFor(batch: PlacedBatch, events: readonly CallbackEvent[]): Callback[] {
  const { channel, merchantNo, batchNo, callbackUrl } = batch;
  if (callbackUrl === undefined) return [];
  const callbacks: Callback[] = [];
  for (let first = 0; first < events.length; first += eventsPerCallback) {
    callbacks.push({
      channel,
      merchantNo,
      callbackUrl,
      messageNo: messageNumber(batch, ['batch', batchNo, first.toString()]),
      events: events.slice(first, first + eventsPerCallback),
    });
  }
  return callbacks;
}

const digestOf = ({ lines }: PlacedBatch): string =>
  createHash('sha256')
    .update(
      JSON.stringify(lines.map((line) => [line.orderNo, line.amount.toString(), line.currency, line.agreementNo])),
    )
    .digest('hex');
