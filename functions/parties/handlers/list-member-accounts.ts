import { institutionOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { members } from '../../runtime/wiring/parties.ts';
import { memberAnswer } from '../answers.ts';
import { findMember, listMembers, type Member } from '../member-store.ts';
import { accountStatus } from '../open-member.ts';
import { memberAccountId } from '../open-member-account.ts';
import { listMemberAccountsRoute } from '../routes.ts';

const shown = async (member: Member) => memberAnswer(member, await accountStatus(members(), member.accountId));

export const handler = httpHandler(listMemberAccountsRoute, async ({ query, caller }) => {
  const institutionId = institutionOf(caller);
  if (query.externalUserId !== undefined) {
    const member = await findMember(members(), memberAccountId(institutionId, query.externalUserId));
    return ok({ items: member ? [await shown(member)] : [], nextCursor: null });
  }
  const { items, nextCursor } = await listMembers(members(), institutionId, pageRequest(query));
  return ok({ items: await Promise.all(items.map(shown)), nextCursor });
});
