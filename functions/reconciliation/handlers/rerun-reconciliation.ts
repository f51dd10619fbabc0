import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rerunReconciliationRoute } from '../cases/case-routes.ts';
import { reconciliationView } from '../reconciliation-view.ts';
import { rerunStatement } from '../rerun.ts';

export const handler = httpHandler(rerunReconciliationRoute, async ({ params, operationId }) => {
  const batch = await rerunStatement(reconciliation(), { id: params.id, operationId });
  return isRefusal(batch) ? batch : accepted(reconciliationView(batch));
});
