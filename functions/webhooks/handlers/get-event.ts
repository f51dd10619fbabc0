import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { lookUpEvent } from '../find-events.ts';
import { getEventRoute } from '../routes.ts';
import { eventView } from '../views.ts';

export const handler = httpHandler(getEventRoute, async ({ caller, params: { id } }) => {
  const event = await lookUpEvent(webhooks(), { caller, id });
  return isRefusal(event) ? event : ok(eventView(event));
});
