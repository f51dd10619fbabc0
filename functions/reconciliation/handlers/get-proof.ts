import { scopeOf } from '../../kernel/caller.ts';
import { handOver } from '../../kernel/hand-over-file.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { jsonDocument, seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { linkProof } from '../../runtime/wiring/case-files.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { getProofRoute } from '../cases/case-routes.ts';
import { findReconciliation } from '../find-reconciliations.ts';
import { reversedProof } from '../reversed-proof.ts';

/** API Gateway waits 30 s for a function; what is left is for the last part and the link. */
const fileSeconds = 24;

export const handler = httpHandler(getProofRoute, async ({ caller, params, requestId }) => {
  const batch = await findReconciliation(reconciliation(), scopeOf(caller), params.id);
  if (isRefusal(batch)) return batch;
  const { settlement, executionName } = batch;
  if (!settlement) return refuse('not_settled', `The reconciliation is ${batch.status} and has settled nothing.`);
  const pieces = reversedProof(reconciliation().files, batch);
  if (!pieces) return seeOther(await linkProof(settlement.proof, `proof-${executionName}.json`));

  const name = `proof-${executionName}-reversed.json`;
  const handed = handedFiles();
  const file = await handOver(handed, {
    name,
    key: `reports/${requestId}/${name}`,
    pieces,
    contentType: 'application/json',
    deadline: new Date(handed.clock().getTime() + fileSeconds * 1_000),
  });
  if (isRefusal(file)) return file;
  return 'url' in file ? seeOther(file.url) : jsonDocument(file.text, name);
});
