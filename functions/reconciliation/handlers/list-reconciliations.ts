import { scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listReconciliations } from '../find-reconciliations.ts';
import { reconciliationView } from '../reconciliation-view.ts';
import { listReconciliationsRoute } from '../routes.ts';

export const handler = httpHandler(listReconciliationsRoute, async ({ caller, query }) => {
  const { channel, merchantNo, date, status } = query;
  const page = await listReconciliations(reconciliation(), {
    ...pageRequest(query),
    scope: scopeOf(caller),
    filter: { channel, merchantNo, date, status },
  });
  return ok({ items: page.items.map(reconciliationView), nextCursor: page.nextCursor });
});
