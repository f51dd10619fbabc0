import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { testWebhookEndpointRoute } from '../routes.ts';
import { sendTestEvent } from '../send-test-event.ts';
import { eventView } from '../views.ts';

export const handler = httpHandler(testWebhookEndpointRoute, async ({ caller, params: { id }, operationId }) => {
  const event = await sendTestEvent(webhooks(), { institutionId: institutionOf(caller), id, operationId });
  return isRefusal(event) ? event : accepted(eventView(event));
});
