import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { lookUpDelivery } from '../find-deliveries.ts';
import { getWebhookDeliveryRoute } from '../routes.ts';
import { deliveryView } from '../views.ts';

export const handler = httpHandler(getWebhookDeliveryRoute, async ({ caller, params: { id } }) => {
  const delivery = await lookUpDelivery(webhooks(), { caller, id });
  return isRefusal(delivery) ? delivery : ok(deliveryView(delivery));
});
