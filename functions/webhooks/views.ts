/** Events and deliveries as their institution sees them. */
import type * as z from 'zod';
import type { Delivery } from './delivery.ts';
import type { WebhookEvent } from './event.ts';
import type { deliverySchema, eventSchema } from './schemas.ts';

export const eventView = (event: WebhookEvent): z.input<typeof eventSchema> => ({
  id: event.id,
  type: event.type,
  institutionId: event.institutionId,
  objectId: event.objectId,
  timestamp: event.occurredAt.toISOString(),
  data: JSON.parse(event.data),
});

export const deliveryView = (delivery: Delivery): z.input<typeof deliverySchema> => ({
  id: delivery.id,
  endpointId: delivery.endpointId,
  eventId: delivery.eventId,
  eventType: delivery.eventType,
  objectId: delivery.objectId,
  status: delivery.status,
  deadReason: delivery.death ?? null,
  nextAttemptAt: delivery.status === 'pending' ? delivery.dueAt.toISOString() : null,
  createdAt: delivery.createdAt.toISOString(),
  deliveredAt: delivery.deliveredAt?.toISOString() ?? null,
  attempts: delivery.attempts.map(({ at, durationMs, statusCode, error }) => ({
    at: at.toISOString(),
    durationMs,
    statusCode: statusCode ?? null,
    error: error ?? null,
  })),
});
