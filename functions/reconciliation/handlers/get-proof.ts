import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { linkProof } from '../../runtime/wiring/case-files.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { getProofRoute } from '../cases/case-routes.ts';
import { findReconciliation } from '../find-reconciliations.ts';

export const handler = httpHandler(getProofRoute, async ({ caller, params }) => {
  const batch = await findReconciliation(reconciliation(), scopeOf(caller), params.id);
  if (isRefusal(batch)) return batch;
  if (!batch.settlement) return refuse('not_settled', `The reconciliation is ${batch.status} and has settled nothing.`);
  return seeOther(await linkProof(batch.settlement.proof, `proof-${batch.executionName}.json`));
});
