import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementOperations } from '../../runtime/wiring/statement-operations.ts';
import { redriveReconciliationRoute } from '../operations/operations-routes.ts';
import { redrivenView } from '../operations/operations-view.ts';
import { redriveReconciliation } from '../operations/redrive-reconciliation.ts';

export const handler = httpHandler(redriveReconciliationRoute, async ({ params }) => {
  const redriven = await redriveReconciliation(statementOperations(), params.id);
  return isRefusal(redriven) ? redriven : accepted(redrivenView(redriven));
});
