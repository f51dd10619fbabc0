import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { findReconciliation } from '../find-reconciliations.ts';
import { reconciliationView } from '../reconciliation-view.ts';
import { getReconciliationRoute } from '../routes.ts';

export const handler = httpHandler(getReconciliationRoute, async ({ caller, params }) => {
  const batch = await findReconciliation(reconciliation(), scopeOf(caller), params.id);
  return isRefusal(batch) ? batch : ok(reconciliationView(batch));
});
