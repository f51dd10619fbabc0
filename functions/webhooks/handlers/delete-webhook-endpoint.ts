import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { noContent } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { removeEndpoint } from '../keep-endpoints.ts';
import { deleteWebhookEndpointRoute } from '../routes.ts';

export const handler = httpHandler(deleteWebhookEndpointRoute, async ({ caller, params: { id } }) => {
  const removed = await removeEndpoint(webhooks(), { institutionId: institutionOf(caller), id });
  return isRefusal(removed) ? removed : noContent();
});
