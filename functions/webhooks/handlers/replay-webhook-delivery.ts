import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { replayDelivery } from '../replay-deliveries.ts';
import { replayWebhookDeliveryRoute } from '../routes.ts';
import { deliveryView } from '../views.ts';

export const handler = httpHandler(replayWebhookDeliveryRoute, async ({ caller, params: { id } }) => {
  const delivery = await replayDelivery(webhooks(), { caller, id });
  return isRefusal(delivery) ? delivery : accepted(deliveryView(delivery));
});
