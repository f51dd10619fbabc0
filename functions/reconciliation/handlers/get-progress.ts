import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { findReconciliation } from '../find-reconciliations.ts';
import { getProgressRoute } from '../operations/operations-routes.ts';
import { progressView } from '../operations/operations-view.ts';
import { progressOf } from '../operations/progress.ts';
import { readProgress } from '../operations/progress-store.ts';

export const handler = httpHandler(getProgressRoute, async ({ caller, params }) => {
  const batch = await findReconciliation(reconciliation(), scopeOf(caller), params.id);
  if (isRefusal(batch)) return batch;
  return ok(progressView(batch, progressOf(batch, await readProgress(reconciliation().table, batch.id))));
});
