import { scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listDifferences } from '../find-reconciliations.ts';
import { differenceView } from '../reconciliation-view.ts';
import { listDifferencesRoute } from '../routes.ts';

export const handler = httpHandler(listDifferencesRoute, async ({ caller, params, query }) => {
  const request = { ...pageRequest(query), id: params.id, type: query.type };
  const page = await listDifferences(reconciliation(), scopeOf(caller), request);
  if (isRefusal(page)) return page;
  return ok({
    items: page.items.map((shown) => differenceView(shown.difference, shown.version)),
    nextCursor: page.nextCursor,
  });
});
