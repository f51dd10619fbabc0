import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { findDeliveries } from '../find-deliveries.ts';
import { listWebhookDeliveriesRoute } from '../routes.ts';
import { deliveryView } from '../views.ts';

export const handler = httpHandler(listWebhookDeliveriesRoute, async ({ caller, query }) => {
  const { institutionId, endpointId, status } = query;
  const page = await findDeliveries(webhooks(), { ...pageRequest(query), caller, institutionId, endpointId, status });
  return isRefusal(page) ? page : ok({ items: page.items.map(deliveryView), nextCursor: page.nextCursor });
});
