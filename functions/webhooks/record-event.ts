/** An event and its deliveries are written together; then their turns are queued. */
import type { Write } from '../kernel/write.ts';
import { type Delivery, newDelivery } from './delivery.ts';
import { addDeliveryWrite } from './delivery-store.ts';
import { type WebhookEndpoint, wantsEvent } from './endpoint.ts';
import { endpointsOf } from './endpoint-store.ts';
import type { WebhookEvent } from './event.ts';
import { addEventWrite, readEvent } from './event-store.ts';
import type { Turn, Webhooks } from './webhooks.ts';

export type Recording = Pick<Webhooks, 'table' | 'commit' | 'clock' | 'turns'>;

/** `overtaken`: a condition of what was to be written alongside failed, and nothing was. */
export type Recorded = 'recorded' | 'known' | 'overtaken';

export interface RecordRequest {
  readonly event: WebhookEvent;
  /** who is told; by default all endpoints of the institution that want to hear of it */
  readonly endpoints?: readonly WebhookEndpoint[];
  readonly alongside?: readonly Write[];
}

/**
 * However often it is called, an event is written once. An event that stands may lack its turns, when whoever wrote it died
 * right after: they are queued again, and one too many changes nothing.
 *
 * 2 write units and those of its indexes for the event, and for each delivery; 1 read unit for the endpoints.
 */
export async function recordEvent(
  { table, commit, clock, turns }: Recording,
  { event, endpoints, alongside = [] }: RecordRequest,
): Promise<Recorded> {
  const told = endpoints ?? (await subscribers(table, event));
  const deliveries = told.map((endpoint) => newDelivery(event, endpoint, clock()));
  const result = await commit([
    addEventWrite(table, event),
    ...deliveries.map((delivery) => addDeliveryWrite(table, delivery)),
    ...alongside,
  ]);
  if (!result.committed && !(await readEvent(table, event))) return 'overtaken';
  const open = deliveries.filter(({ status }) => status === 'pending');
  await Promise.all(open.map((delivery) => turns.send(turnOf(delivery), 0)));
  return result.committed ? 'recorded' : 'known';
}

async function subscribers(table: Webhooks['table'], event: WebhookEvent): Promise<readonly WebhookEndpoint[]> {
  const endpoints = await endpointsOf(table, event.institutionId);
  return endpoints.filter((endpoint) => wantsEvent(endpoint, event.type));
}

/** The turn of a delivery's next try. */
export const turnOf = ({ endpointId, objectId, position, tries }: Delivery): Turn => ({
  endpointId,
  objectId,
  position,
  attempt: tries + 1,
});
