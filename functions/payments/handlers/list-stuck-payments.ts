import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { findStuckPayments } from '../open/find-stuck.ts';
import { listStuckPaymentsRoute } from '../open/stuck-routes.ts';
import { stuckPaymentView } from '../open/stuck-view.ts';

export const handler = httpHandler(listStuckPaymentsRoute, async ({ query }) => {
  const { olderThanMinutes, channel } = query;
  const page = await findStuckPayments(payments(), { ...pageRequest(query), olderThanMinutes, channel });
  return ok({ items: page.items.map(stuckPaymentView), nextCursor: page.nextCursor });
});
