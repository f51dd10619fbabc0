import { institutionOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { memberAnswer } from '../answers.ts';
import { findMember, listMembers } from '../member-store.ts';
import { memberAccountId } from '../open-member-account.ts';
import { listMemberAccountsRoute } from '../routes.ts';

export const handler = httpHandler(listMemberAccountsRoute, async ({ query, caller }) => {
  const institutionId = institutionOf(caller);
  if (query.externalUserId !== undefined) {
    const member = await findMember(parties(), memberAccountId(institutionId, query.externalUserId));
    return ok({ items: member ? [memberAnswer(member)] : [], nextCursor: null });
  }
  const { items, nextCursor } = await listMembers(parties(), institutionId, pageRequest(query));
  return ok({ items: items.map(memberAnswer), nextCursor });
});
