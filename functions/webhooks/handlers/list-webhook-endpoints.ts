import { chosenInstitution } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { endpointView } from '../endpoint-view.ts';
import { listEndpoints } from '../keep-endpoints.ts';
import { listWebhookEndpointsRoute } from '../routes.ts';

export const handler = httpHandler(listWebhookEndpointsRoute, async ({ caller, query }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const page = await listEndpoints(webhooks(), institutionId, pageRequest(query));
  return ok({ items: page.items.map(endpointView), nextCursor: page.nextCursor });
});
