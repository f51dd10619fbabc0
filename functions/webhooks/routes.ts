import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { pageSchema } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import {
  deliveriesQuerySchema,
  deliverySchema,
  endpointBodySchema,
  endpointSchema,
  endpointsQuerySchema,
  endpointWithSecretSchema,
  eventSchema,
  eventsQuerySchema,
  institutionQuerySchema,
  replayAnswerSchema,
  replayBodySchema,
} from './schemas.ts';

const endpointParams = z.object({ id: idSchema('wep') });
const withoutSecret = (answer: unknown) => endpointWithSecretSchema.omit({ secret: true }).parse(answer);

export const createWebhookEndpointRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-endpoints',
  summary: 'Registers a URL that is told of events; answers the secret that signs them, once',
  callers: ['institution'],
  body: endpointBodySchema,
  answers: { 201: endpointWithSecretSchema },
  remember: withoutSecret,
});

export const listWebhookEndpointsRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhook-endpoints',
  summary: "Lists an institution's webhook endpoints, oldest first",
  callers: ['institution', 'operator'],
  query: endpointsQuerySchema,
  answers: { 200: pageSchema(endpointSchema) },
});

export const getWebhookEndpointRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhook-endpoints/{id}',
  summary: 'Shows a webhook endpoint',
  callers: ['institution', 'operator'],
  params: endpointParams,
  query: institutionQuerySchema,
  answers: { 200: endpointSchema },
});

export const deleteWebhookEndpointRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/webhook-endpoints/{id}',
  summary: 'Removes a webhook endpoint; nothing more is sent there',
  callers: ['institution'],
  params: endpointParams,
  answers: { 204: null },
});

export const rotateWebhookSecretRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-endpoints/{id}/rotate-secret',
  summary: 'Gives a webhook endpoint a new secret, answered once; the old one signs too for 24 hours',
  callers: ['institution'],
  params: endpointParams,
  answers: { 200: endpointWithSecretSchema },
  remember: withoutSecret,
});

export const enableWebhookEndpointRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-endpoints/{id}/enable',
  summary: 'Enables a webhook endpoint that was disabled by itself; what it missed can be replayed',
  callers: ['institution'],
  params: endpointParams,
  answers: { 200: endpointSchema },
});

export const testWebhookEndpointRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-endpoints/{id}/test',
  summary: 'Sends the event webhook.test to one endpoint',
  callers: ['institution'],
  params: endpointParams,
  answers: { 202: eventSchema },
});

export const replayDeadDeliveriesRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-endpoints/{id}/replay',
  summary: 'Sends again what an endpoint missed since a time: its dead deliveries, a hundred at once',
  callers: ['institution'],
  params: endpointParams,
  body: replayBodySchema,
  answers: { 202: replayAnswerSchema },
});

export const listEventsRoute = defineRoute({
  method: 'GET',
  path: '/v1/events',
  summary: 'Lists what happened, newest first; kept for 90 days',
  callers: ['institution', 'operator'],
  query: eventsQuerySchema,
  answers: { 200: pageSchema(eventSchema) },
});

export const getEventRoute = defineRoute({
  method: 'GET',
  path: '/v1/events/{id}',
  summary: 'Shows an event',
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('evt') }),
  answers: { 200: eventSchema },
});

export const listWebhookDeliveriesRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhook-deliveries',
  summary: 'Lists the deliveries of a webhook endpoint with their attempts, newest first',
  callers: ['institution', 'operator'],
  query: deliveriesQuerySchema,
  answers: { 200: pageSchema(deliverySchema) },
});

export const getWebhookDeliveryRoute = defineRoute({
  method: 'GET',
  path: '/v1/webhook-deliveries/{id}',
  summary: 'Shows a delivery with its attempts',
  callers: ['institution', 'operator'],
  params: z.object({ id: idSchema('dlv') }),
  answers: { 200: deliverySchema },
});

export const replayWebhookDeliveryRoute = defineRoute({
  method: 'POST',
  path: '/v1/webhook-deliveries/{id}/replay',
  summary: 'Sends an event to an endpoint once more, whether it was delivered, given up or is still on its way',
  callers: ['institution'],
  params: z.object({ id: idSchema('dlv') }),
  answers: { 202: deliverySchema },
});
