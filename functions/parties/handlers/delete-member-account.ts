import { isRefusal } from '../../kernel/refusal.ts';
import { noContent } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { closingMembers } from '../../runtime/wiring/parties.ts';
import { closeMember } from '../close-member.ts';
import { deleteMemberAccountRoute } from '../routes.ts';

export const handler = httpHandler(deleteMemberAccountRoute, async ({ params, caller, operationId }) => {
  const command = { caller, accountId: params.id, reason: 'the member leaves', operationId };
  const outcome = await closeMember(closingMembers(), command);
  return isRefusal(outcome) ? outcome : noContent();
});
