/** What the routes of webhooks take in and give out. */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageWithin } from '../kernel/page.ts';
import { attemptErrors, deathReasons, deliveryStatuses } from './delivery.ts';
import { disabledReasons } from './endpoint.ts';
import { eventTypes, matchesAnything } from './event-types.ts';

const patternSchema = z
  .string()
  .max(64)
  .refine(matchesAnything, 'matches no event type')
  .meta({ description: 'an event type, a family such as `payment.*`, or `*`', example: 'payment.*' });

export const endpointBodySchema = z.strictObject({
  url: z.string().min(1).max(2_000).meta({ example: 'https://shop.example/webhooks' }),
  eventTypes: z.array(patternSchema).min(1).max(20).default(['*']),
  description: z.string().trim().min(1).max(200).optional(),
});

export const endpointSchema = z
  .object({
    id: z.string().meta({ example: 'wep_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    institutionId: z.string(),
    url: z.string(),
    eventTypes: z.array(z.string()),
    description: z.string().nullable(),
    status: z.enum(['active', 'disabled']),
    disabledReason: z
      .enum(disabledReasons)
      .nullable()
      .meta({ description: 'gone: it answered 410; failing: nothing could be delivered for three days' }),
    disabledAt: z.iso.datetime().nullable(),
    failingSince: z.iso.datetime().nullable().meta({ description: 'the first failure since anything was delivered' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'WebhookEndpoint' });

export const endpointWithSecretSchema = endpointSchema
  .extend({
    secret: z
      .string()
      .optional()
      .meta({ description: 'what signatures are checked with; shown once: a repeated request does not show it again' }),
  })
  .meta({ id: 'WebhookEndpointWithSecret' });

export const eventSchema = z
  .object({
    id: z.string().meta({ description: 'the header webhook-id', example: 'evt_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    type: z.enum(eventTypes),
    institutionId: z.string(),
    objectId: z.string().meta({ description: 'what the event is about' }),
    timestamp: z.iso.datetime().meta({ description: 'when it happened' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'the object as the API showed it at that moment' }),
  })
  .meta({ id: 'Event' });

export const deliverySchema = z
  .object({
    id: z.string().meta({ example: 'dlv_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    endpointId: z.string(),
    eventId: z.string(),
    eventType: z.enum(eventTypes),
    objectId: z.string(),
    status: z.enum(deliveryStatuses),
    deadReason: z.enum(deathReasons).nullable(),
    nextAttemptAt: z.iso.datetime().nullable().meta({ description: 'not before; null when it has ended' }),
    createdAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().nullable(),
    attempts: z
      .array(
        z.object({
          at: z.iso.datetime(),
          durationMs: z.int(),
          statusCode: z.int().nullable(),
          error: z
            .enum(attemptErrors)
            .nullable()
            .meta({ description: 'status: an answer other than 2xx; the others: no answer came; null when delivered' }),
        }),
      )
      .meta({ description: 'oldest first; the newest 32' }),
  })
  .meta({ id: 'WebhookDelivery' });

const institutionIdSchema = idSchema('inst')
  .optional()
  .meta({ description: 'needed by operators; an institution sees its own' });

export const institutionQuerySchema = z.strictObject({ institutionId: institutionIdSchema });

const instantSchema = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .meta({ example: '2026-03-01T00:00:00Z' });

export const endpointsQuerySchema = z.strictObject({
  ...pageWithin(/^wep_[0-9A-Z]{26}$/),
  institutionId: institutionIdSchema,
});

export const eventsQuerySchema = z.strictObject({
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#evt_[0-9A-Z]{26}$/),
  institutionId: institutionIdSchema,
  type: z.enum(eventTypes).optional(),
  objectId: z
    .string()
    .regex(/^[a-z]+_[0-9A-Z]{26}$/)
    .optional(),
  from: instantSchema.optional().meta({ description: 'that happened then or later' }),
  to: instantSchema.optional().meta({ description: 'that happened before' }),
});

export const deliveriesQuerySchema = z.strictObject({
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#dlv_[0-9A-Z]{26}$/),
  institutionId: institutionIdSchema,
  endpointId: idSchema('wep'),
  status: z.enum(deliveryStatuses).optional(),
});

export const replayBodySchema = z.strictObject({
  since: instantSchema.meta({ description: 'deliveries of events that were recorded then or later' }),
});

export const replayAnswerSchema = z.object({
  replayed: z.int(),
  more: z.boolean().meta({ description: 'there may be more: send the same again, with a new Idempotency-Key' }),
});
