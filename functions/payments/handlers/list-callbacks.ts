import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { listCallbacksRoute } from '../callbacks/callback-routes.ts';
import { callbackView } from '../callbacks/callback-view.ts';
import { findCallbacks } from '../callbacks/find-callbacks.ts';

export const handler = httpHandler(listCallbacksRoute, async ({ query }) => {
  const { items, nextCursor } = await findCallbacks(payments(), { ...pageRequest(query), state: query.state });
  return ok({ items: items.map(callbackView), nextCursor });
});
