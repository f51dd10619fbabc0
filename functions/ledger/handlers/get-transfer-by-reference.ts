import { chosenInstitution } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { findTransfer } from '../transfers/find-transfer.ts';
import { transferIdOf } from '../transfers/transfer.ts';
import { getTransferByReferenceRoute } from '../transfers/transfer-routes.ts';
import { shownTransferAnswer } from '../transfers/transfer-schemas.ts';

export const handler = httpHandler(getTransferByReferenceRoute, async ({ caller, params, query }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const id = transferIdOf(institutionId, params.reference);
  const transfer = await findTransfer(ledger(), { scope: institutionId, id });
  return isRefusal(transfer) ? transfer : ok(shownTransferAnswer(transfer));
});
