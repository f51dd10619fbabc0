import { chosenInstitution } from '../../kernel/caller.ts';
import { encodeCursor, pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { listTransfers } from '../listing-store.ts';
import { listTransfersRoute } from '../transfers/transfer-routes.ts';
import { transferAnswer } from '../transfers/transfer-schemas.ts';

export const handler = httpHandler(listTransfersRoute, async ({ caller, query }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const request = { ...pageRequest(query), institutionId };
  const { items, continueAfter } = await listTransfers(ledger().table, request);
  return ok({ items: items.map(transferAnswer), nextCursor: continueAfter ? encodeCursor(continueAfter) : null });
});
