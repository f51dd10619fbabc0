import { signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementOperations } from '../../runtime/wiring/statement-operations.ts';
import { cancelReconciliation } from '../operations/cancel-reconciliation.ts';
import { cancelReconciliationRoute } from '../operations/operations-routes.ts';
import { reconciliationView } from '../reconciliation-view.ts';

export const handler = httpHandler(cancelReconciliationRoute, async ({ caller, params, body }) => {
  const request = { id: params.id, by: signatureOf(caller), reason: body.reason };
  const batch = await cancelReconciliation(statementOperations(), request);
  return isRefusal(batch) ? batch : ok(reconciliationView(batch));
});
