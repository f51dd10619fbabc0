import { institutionOf, signatureOf } from '../../kernel/caller.ts';
import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { reverseTransfer } from '../transfers/reverse-transfer.ts';
import { createReversalRoute } from '../transfers/transfer-routes.ts';
import { madeTransferAnswer } from '../transfers/transfer-schemas.ts';

export const handler = httpHandler(createReversalRoute, async ({ caller, params, body, operationId }) => {
  const reversal = await reverseTransfer(ledger(), {
    institutionId: institutionOf(caller),
    by: signatureOf(caller),
    transferId: params.id,
    amount: body.amount && moneyFromJson(body.amount),
    reason: body.reason,
    operationId,
  });
  return isRefusal(reversal) ? reversal : created(madeTransferAnswer(reversal));
});
