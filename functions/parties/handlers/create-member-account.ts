import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { verifying } from '../../runtime/wiring/parties.ts';
import { newMemberAnswer } from '../answers.ts';
import { openMemberAccount } from '../open-member-account.ts';
import { createMemberAccountRoute } from '../routes.ts';

export const handler = httpHandler(createMemberAccountRoute, async ({ body, caller, operationId }) => {
  const { name, idNumber, ...facts } = body;
  const identity = name !== undefined && idNumber !== undefined ? { name, idNumber } : undefined;
  const command = { ...facts, identity, institutionId: institutionOf(caller), operationId };
  const member = await openMemberAccount(verifying(), command);
  return isRefusal(member) ? member : created(newMemberAnswer(member));
});
