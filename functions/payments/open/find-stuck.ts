/** Payments that should have come to their end, for operators: the oldest first. */
import { inLanes } from '../../kernel/in-lanes.ts';
import { type Page, type PageRequest, pageOf } from '../../kernel/page.ts';
import type { Payment } from '../payment.ts';
import { isOpen } from '../payment-states.ts';
import { openShards, readPayment } from '../payment-store.ts';
import type { Payments } from '../payments.ts';
import { type OpenPayment, openPayments } from './open-payment-store.ts';
import { overdueMs } from './stuck.ts';

export interface StuckPayment {
  readonly payment: Payment;
  readonly overdueSeconds: number;
}

export interface StuckRequest extends PageRequest {
  readonly olderThanMinutes: number;
  readonly channel?: string | undefined;
}

/** Half a read unit for some twenty that are looked through, and 1 for each that is shown. */
export async function findStuckPayments(
  { table, clock }: Pick<Payments, 'table' | 'clock'>,
  request: StuckRequest,
): Promise<Page<StuckPayment>> {
  const now = clock();
  const shards = Array.from({ length: openShards }, (_, shard) => shard);
  const found = await Promise.all(shards.map((shard) => stuckOf({ table }, { ...request, shard, now })));
  const oldest = found.flat().sort((left, right) => (left.createdKey < right.createdKey ? -1 : 1));
  const page = pageOf(oldest, request.limit, ({ createdKey }) => createdKey);
  const shown = await inLanes(page.items, 10, async (open) => stillOpen(await readPayment(table, open.id), open, now));
  return { items: shown.flat(), nextCursor: page.nextCursor };
}

async function stuckOf(
  { table }: Pick<Payments, 'table'>,
  {
    shard,
    now,
    olderThanMinutes,
    channel,
    after,
    limit,
  }: StuckRequest & { readonly shard: number; readonly now: Date },
): Promise<readonly OpenPayment[]> {
  const olderThanMs = olderThanMinutes * 60_000;
  const found: OpenPayment[] = [];
  for await (const open of openPayments(table, { shard, after, until: new Date(now.getTime() - olderThanMs) })) {
    const wanted = channel === undefined || open.channel === channel;
    if (wanted && overdueMs(open, now) >= olderThanMs) found.push(open);
    if (found.length > limit) break;
  }
  return found;
}

/** The index is a moment behind: what has ended since is left out. */
const stillOpen = (payment: Payment | undefined, open: OpenPayment, now: Date): readonly StuckPayment[] =>
  payment && isOpen(payment.status) ? [{ payment, overdueSeconds: Math.floor(overdueMs(open, now) / 1000) }] : [];
