/** Has events sent once more: those that were given up, and those that a receiver has lost. */
import { type Caller, institutionOf } from '../kernel/caller.ts';
import type { DeliveryId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type Delivery, replayed } from './delivery.ts';
import { findDelivery, listDeliveries, replaceDelivery } from './delivery-store.ts';
import { readEndpoint } from './endpoint-store.ts';
import { type EndpointName, findEndpoint } from './keep-endpoints.ts';
import { turnOf } from './record-event.ts';
import type { Webhooks } from './webhooks.ts';

type Needs = Pick<Webhooks, 'table' | 'clock' | 'turns'>;

export type ReplayRefusal = 'not_found' | 'endpoint_disabled';

const disabled = () => refuse('endpoint_disabled', 'The endpoint is disabled: enable it first.');

/** What is still on its way is tried right now. The same webhook-id tells the receiver that it is the same event. */
export async function replayDelivery(
  webhooks: Needs,
  { caller, id }: { readonly caller: Caller; readonly id: DeliveryId },
): Promise<Delivery | Refusal<ReplayRefusal>> {
  const delivery = await findDelivery(webhooks.table, id);
  if (delivery?.institutionId !== institutionOf(caller)) return refuse('not_found', 'There is no such delivery.');
  const endpoint = await readEndpoint(webhooks.table, delivery.institutionId, delivery.endpointId);
  if (!endpoint) return refuse('not_found', 'The endpoint of this delivery is gone.');
  if (endpoint.status === 'disabled') return disabled();
  return replay(webhooks, delivery);
}

/** A change in between is a try or another replay: either way the delivery as it is now goes its way. */
async function replay({ table, clock, turns }: Needs, delivery: Delivery): Promise<Delivery> {
  const again = replayed(delivery, clock());
  await replaceDelivery(table, delivery, again);
  await turns.send(turnOf(again), 0);
  return again;
}

/** As many as one request replays within its time. */
const replayedAtOnce = 100;

export interface Replays {
  readonly replayed: number;
  /** whether there may be more: then the same request goes on */
  readonly more: boolean;
}

/**
 * All dead deliveries of an endpoint whose events were recorded since an instant, the newest first found; each object's are
 * sent in their order.
 */
export async function replayDead(
  webhooks: Needs,
  { since, ...name }: EndpointName & { readonly since: Date },
): Promise<Replays | Refusal<ReplayRefusal>> {
  const endpoint = await findEndpoint(webhooks, name);
  if (isRefusal(endpoint)) return endpoint;
  if (endpoint.status === 'disabled') return disabled();
  const { items, continueAfter } = await listDeliveries(webhooks.table, name.id, {
    filter: { status: 'dead' },
    from: since,
    limit: replayedAtOnce,
  });
  // the oldest first, so that of each object the first is open before the next has its turn
  for (const delivery of [...items].reverse()) await replay(webhooks, delivery);
  return { replayed: items.length, more: continueAfter !== undefined };
}
