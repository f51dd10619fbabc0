import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listExpectedStatementsRoute } from '../calendar/calendar-routes.ts';
import { expectedStatementView } from '../calendar/calendar-view.ts';
import { pageOfExpected } from '../calendar/page-expected-statements.ts';

export const handler = httpHandler(listExpectedStatementsRoute, async ({ query }) => {
  const page = await pageOfExpected(reconciliation(), query);
  return ok({ items: page.items.map(expectedStatementView), nextCursor: page.nextCursor });
});
