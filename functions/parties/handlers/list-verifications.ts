import { chosenInstitution } from '../../kernel/caller.ts';
import { encodeCursor, pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { listVerifications } from '../verification/verification-list-store.ts';
import { verificationView } from '../verification/verification-view.ts';
import { listVerificationsRoute } from '../verification-routes.ts';

export const handler = httpHandler(listVerificationsRoute, async ({ query, caller }) => {
  const institutionId = chosenInstitution(caller, query.institutionId);
  if (isRefusal(institutionId)) return institutionId;
  const { kind, status, accountId, channel, from, to } = query;
  const filter = { kind, status, accountId, channel };
  const request = { institutionId, filter, from, until: to, ...pageRequest(query) };
  const { items, continueAfter } = await listVerifications(parties(), request);
  const nextCursor = continueAfter === undefined ? null : encodeCursor(continueAfter);
  return ok({ items: items.map(verificationView), nextCursor });
});
