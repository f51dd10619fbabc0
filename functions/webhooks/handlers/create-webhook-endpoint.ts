import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { endpointKeeping } from '../../runtime/wiring/webhooks.ts';
import { endpointView } from '../endpoint-view.ts';
import { registerEndpoint } from '../keep-endpoints.ts';
import { createWebhookEndpointRoute } from '../routes.ts';

export const handler = httpHandler(createWebhookEndpointRoute, async ({ caller, body, operationId }) => {
  const command = { ...body, institutionId: institutionOf(caller), operationId };
  const made = await registerEndpoint(endpointKeeping(), command);
  return isRefusal(made) ? made : created({ ...endpointView(made.endpoint), secret: made.secret });
});
