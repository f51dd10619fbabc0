import { chosenInstitution } from '../../kernel/caller.ts';
import { encodeCursor, pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { listFreezesRoute } from '../holds/hold-routes.ts';
import { freezeAnswer } from '../holds/hold-schemas.ts';
import { listHolds } from '../listing-store.ts';

export const handler = httpHandler(listFreezesRoute, async ({ caller, query }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const request = { ...pageRequest(query), institutionId, accountId: query.accountId };
  const { items, continueAfter } = await listHolds(ledger().table, request);
  return ok({ items: items.map(freezeAnswer), nextCursor: continueAfter ? encodeCursor(continueAfter) : null });
});
