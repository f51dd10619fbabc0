import { institutionOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { batchAnswer } from '../batches/batch-answer.ts';
import { getWithdrawalBatchRoute } from '../batches/batch-routes.ts';
import { findBatch } from '../batches/find-batch.ts';

export const handler = httpHandler(getWithdrawalBatchRoute, async ({ caller, params: { id }, query }) => {
  const batch = await findBatch(payments(), { institutionId: institutionOf(caller), id });
  return isRefusal(batch) ? batch : ok(batchAnswer(batch, pageRequest(query)));
});
