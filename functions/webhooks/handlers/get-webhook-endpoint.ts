import { chosenInstitution } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { endpointView } from '../endpoint-view.ts';
import { findEndpoint } from '../keep-endpoints.ts';
import { getWebhookEndpointRoute } from '../routes.ts';

export const handler = httpHandler(getWebhookEndpointRoute, async ({ caller, params: { id }, query }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const endpoint = await findEndpoint(webhooks(), { institutionId, id });
  return isRefusal(endpoint) ? endpoint : ok(endpointView(endpoint));
});
