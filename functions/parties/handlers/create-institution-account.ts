import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { opening } from '../../runtime/wiring/parties.ts';
import { proposeInstitutionAccount } from '../open-institution-account.ts';
import { createInstitutionAccountRoute } from '../routes.ts';

export const handler = httpHandler(createInstitutionAccountRoute, async ({ params, body, caller, operationId }) => {
  const command = { institutionId: params.id, ...body, proposedBy: caller.clientId, operationId };
  const account = await proposeInstitutionAccount(opening(), command);
  return isRefusal(account) ? account : accepted(account);
});
