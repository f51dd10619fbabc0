import { institutionOf } from '../../kernel/caller.ts';
import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { batches } from '../../runtime/wiring/batches.ts';
import { batchAnswer } from '../batches/batch-answer.ts';
import { createWithdrawalBatchRoute } from '../batches/batch-routes.ts';
import { maximumLines } from '../batches/batch-schemas.ts';
import { createWithdrawalBatch } from '../batches/create-withdrawal-batch.ts';

export const handler = httpHandler(createWithdrawalBatchRoute, async ({ caller, body, operationId }) => {
  const { reference, lines } = body;
  const batch = await createWithdrawalBatch(batches(), {
    institutionId: institutionOf(caller),
    operationId,
    reference,
    lines: lines.map((line) => ({ ...line, amount: moneyFromJson(line.amount) })),
  });
  return isRefusal(batch) ? batch : accepted(batchAnswer(batch, { limit: maximumLines }));
});
