import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { findTransfer } from '../transfers/find-transfer.ts';
import { getTransferRoute } from '../transfers/transfer-routes.ts';
import { shownTransferAnswer } from '../transfers/transfer-schemas.ts';

export const handler = httpHandler(getTransferRoute, async ({ caller, params }) => {
  const transfer = await findTransfer(ledger(), { scope: scopeOf(caller), id: params.id });
  return isRefusal(transfer) ? transfer : ok(shownTransferAnswer(transfer));
});
