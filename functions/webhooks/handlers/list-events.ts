import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { findEvents } from '../find-events.ts';
import { listEventsRoute } from '../routes.ts';
import { eventView } from '../views.ts';

export const handler = httpHandler(listEventsRoute, async ({ caller, query }) => {
  const { institutionId, type, objectId, from, to } = query;
  const page = await findEvents(webhooks(), {
    ...pageRequest(query),
    caller,
    institutionId,
    type,
    objectId,
    from,
    to,
  });
  return isRefusal(page) ? page : ok({ items: page.items.map(eventView), nextCursor: page.nextCursor });
});
