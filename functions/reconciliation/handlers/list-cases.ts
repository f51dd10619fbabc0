import { scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listCases } from '../cases/case-list-store.ts';
import { listCasesRoute } from '../cases/case-routes.ts';
import { caseView } from '../cases/case-view.ts';

export const handler = httpHandler(listCasesRoute, async ({ caller, query }) => {
  const { table, clock } = reconciliation();
  const { limit: _, cursor: __, ...filter } = query;
  const now = clock();
  const page = await listCases(table, { ...pageRequest(query), scope: scopeOf(caller), filter, now });
  return ok({ items: page.items.map((each) => caseView(each, now)), nextCursor: page.nextCursor });
});
