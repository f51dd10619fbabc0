import { institutionOf, signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created, ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { previewTransfer, transferMoney } from '../transfers/transfer-money.ts';
import { createTransferRoute } from '../transfers/transfer-routes.ts';
import { madeTransferAnswer, orderFrom } from '../transfers/transfer-schemas.ts';

export const handler = httpHandler(createTransferRoute, async ({ caller, body: { dryRun, ...order } }) => {
  const party = { institutionId: institutionOf(caller), by: signatureOf(caller) };
  const made = await (dryRun ? previewTransfer : transferMoney)(ledger(), party, orderFrom(order));
  if (isRefusal(made)) return made;
  return (dryRun ? ok : created)(madeTransferAnswer(made));
});
