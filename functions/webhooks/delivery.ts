/** One event on its way to one endpoint. Changes are functions from one value to the next. */
import { type DeliveryId, type EventId, type InstitutionId, idFrom, type WebhookEndpointId } from '../kernel/ids.ts';
import type { WebhookEndpoint } from './endpoint.ts';
import type { WebhookEvent } from './event.ts';
import type { EventType } from './event-types.ts';

/** Deliveries of one object to one endpoint keep their order: one after the other, each only when those before it ended. */
export interface Lane {
  readonly endpointId: WebhookEndpointId;
  readonly objectId: string;
}

/** `pending` until it is `delivered`, or `dead`: given up, until somebody has it replayed. */
export const deliveryStatuses = ['pending', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/**
 * `tried_out`: the last try failed. `endpoint_disabled`, `endpoint_deleted`: nobody is to be told there any more.
 * `event_expired`: it was to be replayed when its event had been forgotten.
 */
export const deathReasons = ['tried_out', 'endpoint_disabled', 'endpoint_deleted', 'event_expired'] as const;
export type DeathReason = (typeof deathReasons)[number];

export interface Delivery extends Lane {
  readonly id: DeliveryId;
  readonly institutionId: InstitutionId;
  readonly eventId: EventId;
  readonly eventType: EventType;
  /** the event's place among those of its object */
  readonly position: string;
  readonly status: DeliveryStatus;
  readonly death?: DeathReason | undefined;
  /** tries of this round; a replay begins another */
  readonly tries: number;
  /** not to be tried before */
  readonly dueAt: Date;
  readonly createdAt: Date;
  readonly deliveredAt?: Date | undefined;
  /** oldest first; the newest 32 */
  readonly attempts: readonly Attempt[];
  /** counts the changes, so that each is conditional on the one before */
  readonly version: number;
}

/**
 * Why a try failed. `status`: an answer other than 2xx, redirects included. `forbidden_address`: the name leads to an
 * address that is not on the public internet.
 */
export const attemptErrors = ['status', 'timeout', 'dns', 'connection', 'tls', 'forbidden_address'] as const;
export type AttemptError = (typeof attemptErrors)[number];

export interface Attempt {
  readonly at: Date;
  readonly durationMs: number;
  /** absent where no answer came */
  readonly statusCode?: number | undefined;
  /** absent for a try that delivered */
  readonly error?: AttemptError | undefined;
}

const keptAttempts = 32;

export const deliveryIdOf = (eventId: EventId, endpointId: WebhookEndpointId): DeliveryId =>
  idFrom('dlv', eventId, endpointId);

/** Nobody delivers to a disabled endpoint: what it misses is dead from the start, and there to be replayed. */
export function newDelivery(event: WebhookEvent, endpoint: WebhookEndpoint, now: Date): Delivery {
  const delivery: Delivery = {
    id: deliveryIdOf(event.id, endpoint.id),
    institutionId: event.institutionId,
    endpointId: endpoint.id,
    objectId: event.objectId,
    eventId: event.id,
    eventType: event.type,
    position: event.position,
    status: 'pending',
    tries: 0,
    dueAt: now,
    createdAt: now,
    attempts: [],
    version: 1,
  };
  return endpoint.status === 'active' ? delivery : { ...delivery, status: 'dead', death: 'endpoint_disabled' };
}

const changed = (delivery: Delivery, facts: Partial<Delivery>): Delivery => ({
  ...delivery,
  ...facts,
  version: delivery.version + 1,
});

const tried = (delivery: Delivery, attempt: Attempt) => ({
  tries: delivery.tries + 1,
  attempts: [...delivery.attempts, attempt].slice(-keptAttempts),
});

export const delivered = (delivery: Delivery, attempt: Attempt, at: Date): Delivery =>
  changed(delivery, { ...tried(delivery, attempt), status: 'delivered', deliveredAt: at });

export const retryLater = (delivery: Delivery, attempt: Attempt, dueAt: Date): Delivery =>
  changed(delivery, { ...tried(delivery, attempt), dueAt });

export const giveUp = (delivery: Delivery, death: DeathReason, attempt?: Attempt): Delivery =>
  changed(delivery, { ...(attempt && tried(delivery, attempt)), status: 'dead', death });

/** It waits for the one before it, and so is looked at when that one is. */
export const postponed = (delivery: Delivery, dueAt: Date): Delivery => changed(delivery, { dueAt });

/** Another round from the start, or right now for what is still on its way. */
export const replayed = (delivery: Delivery, now: Date): Delivery =>
  changed(delivery, {
    status: 'pending',
    dueAt: now,
    tries: delivery.status === 'pending' ? delivery.tries : 0,
    death: undefined,
    deliveredAt: undefined,
  });
