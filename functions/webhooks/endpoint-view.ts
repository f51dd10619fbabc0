/** An endpoint as its institution sees it: without its secrets. */
import type * as z from 'zod';
import type { WebhookEndpoint } from './endpoint.ts';
import type { endpointSchema } from './schemas.ts';

export const endpointView = (endpoint: WebhookEndpoint): z.input<typeof endpointSchema> => ({
  id: endpoint.id,
  institutionId: endpoint.institutionId,
  url: endpoint.url,
  eventTypes: [...endpoint.eventTypes],
  description: endpoint.description ?? null,
  status: endpoint.status,
  disabledReason: endpoint.disabled?.reason ?? null,
  disabledAt: endpoint.disabled?.at.toISOString() ?? null,
  failingSince: endpoint.failingSince?.toISOString() ?? null,
  createdAt: endpoint.createdAt.toISOString(),
});
