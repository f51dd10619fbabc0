import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { getCaseRoute } from '../cases/case-routes.ts';
import { wholeCaseView } from '../cases/case-view.ts';
import { findWholeCase } from '../cases/find-cases.ts';

export const handler = httpHandler(getCaseRoute, async ({ caller, params }) => {
  const found = await findWholeCase(reconciliation(), scopeOf(caller), params.id);
  return isRefusal(found) ? found : ok(wholeCaseView(found, reconciliation().clock()));
});
