/** The log of events, each caller within what it may see. */
import { type Caller, chosenInstitution, inScope, scopeOf } from '../kernel/caller.ts';
import type { EventId, InstitutionId } from '../kernel/ids.ts';
import { encodeCursor, type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { WebhookEvent } from './event.ts';
import { eventsOfObject, findEvent, listEvents, placeInList } from './event-store.ts';
import type { EventType } from './event-types.ts';
import type { Webhooks } from './webhooks.ts';

export type LookupRefusal = 'not_found' | 'institution_required';

export async function lookUpEvent(
  { table }: Pick<Webhooks, 'table'>,
  { caller, id }: { readonly caller: Caller; readonly id: EventId },
): Promise<WebhookEvent | Refusal<LookupRefusal>> {
  const event = await findEvent(table, id);
  return event && inScope(scopeOf(caller), event.institutionId)
    ? event
    : refuse('not_found', 'There is no such event.');
}

export interface EventsRequest extends PageRequest {
  readonly caller: Caller;
  readonly institutionId?: InstitutionId | undefined;
  readonly type?: EventType | undefined;
  readonly objectId?: string | undefined;
  /** the first instant, and the first after */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Newest first. A page that a filter leaves short still has its cursor, until the list has ended. */
export async function findEvents(
  { table }: Pick<Webhooks, 'table'>,
  { caller, type, objectId, from, to, ...request }: EventsRequest,
): Promise<Page<WebhookEvent> | Refusal<LookupRefusal>> {
  const institutionId = chosenInstitution(caller, request.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  if (objectId !== undefined) {
    const events = await eventsOfObject(table, objectId);
    const wanted = events.filter(
      (event) =>
        event.institutionId === institutionId &&
        (type === undefined || event.type === type) &&
        (from === undefined || event.occurredAt >= from) &&
        (to === undefined || event.occurredAt < to),
    );
    return newestOf(wanted, request);
  }
  const { items, continueAfter } = await listEvents(table, institutionId, {
    ...request,
    filter: { type },
    from,
    until: to,
  });
  return { items, nextCursor: continueAfter === undefined ? null : encodeCursor(continueAfter) };
}

function newestOf(events: readonly WebhookEvent[], { limit, after }: PageRequest): Page<WebhookEvent> {
  const newestFirst = [...events].sort((one, other) => (placeInList(one) < placeInList(other) ? 1 : -1));
  const rest = newestFirst.filter((event) => after === undefined || placeInList(event) < after);
  return pageOf(rest, limit, placeInList);
}
