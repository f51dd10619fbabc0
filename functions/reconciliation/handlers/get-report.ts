import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { findReconciliation, readLineErrors } from '../find-reconciliations.ts';
import { reportView } from '../reconciliation-view.ts';
import { getReportRoute } from '../routes.ts';

export const handler = httpHandler(getReportRoute, async ({ caller, params }) => {
  const batch = await findReconciliation(reconciliation(), scopeOf(caller), params.id);
  if (isRefusal(batch)) return batch;
  return ok(reportView(batch, await readLineErrors(reconciliation(), batch)));
});
