/** What became of the deliveries of one endpoint. */
import { type Caller, chosenInstitution, inScope, scopeOf } from '../kernel/caller.ts';
import type { DeliveryId, InstitutionId, WebhookEndpointId } from '../kernel/ids.ts';
import { encodeCursor, type Page, type PageRequest } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Delivery, DeliveryStatus } from './delivery.ts';
import { findDelivery, listDeliveries } from './delivery-store.ts';
import type { LookupRefusal } from './find-events.ts';
import { findEndpoint } from './keep-endpoints.ts';
import type { Webhooks } from './webhooks.ts';

export interface DeliveriesRequest extends PageRequest {
  readonly caller: Caller;
  readonly institutionId?: InstitutionId | undefined;
  readonly endpointId: WebhookEndpointId;
  readonly status?: DeliveryStatus | undefined;
}

/** Newest first. */
export async function findDeliveries(
  { table }: Pick<Webhooks, 'table'>,
  { caller, endpointId, status, ...request }: DeliveriesRequest,
): Promise<Page<Delivery> | Refusal<LookupRefusal>> {
  const institutionId = chosenInstitution(caller, request.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const endpoint = await findEndpoint({ table }, { institutionId, id: endpointId });
  if (isRefusal(endpoint)) return endpoint;
  const { items, continueAfter } = await listDeliveries(table, endpointId, { ...request, filter: { status } });
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}

export async function lookUpDelivery(
  { table }: Pick<Webhooks, 'table'>,
  { caller, id }: { readonly caller: Caller; readonly id: DeliveryId },
): Promise<Delivery | Refusal<'not_found'>> {
  const delivery = await findDelivery(table, id);
  return delivery && inScope(scopeOf(caller), delivery.institutionId)
    ? delivery
    : refuse('not_found', 'There is no such delivery.');
}
