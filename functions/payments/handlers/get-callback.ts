import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { getCallbackRoute } from '../callbacks/callback-routes.ts';
import { callbackView } from '../callbacks/callback-view.ts';
import { findCallback } from '../callbacks/find-callbacks.ts';

export const handler = httpHandler(getCallbackRoute, async ({ params: { id } }) => {
  const found = await findCallback(payments(), id);
  return isRefusal(found) ? found : ok({ ...callbackView(found.callback), ...found.message });
});
