import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { endpointView } from '../endpoint-view.ts';
import { enableEndpoint } from '../keep-endpoints.ts';
import { enableWebhookEndpointRoute } from '../routes.ts';

export const handler = httpHandler(enableWebhookEndpointRoute, async ({ caller, params: { id } }) => {
  const enabled = await enableEndpoint(webhooks(), { institutionId: institutionOf(caller), id });
  return isRefusal(enabled) ? enabled : ok(endpointView(enabled));
});
