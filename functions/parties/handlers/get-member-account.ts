import { inScope, scopeOf } from '../../kernel/caller.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { members } from '../../runtime/wiring/parties.ts';
import { memberAnswer } from '../answers.ts';
import { findMember } from '../member-store.ts';
import { accountStatus } from '../open-member.ts';
import { getMemberAccountRoute } from '../routes.ts';

export const handler = httpHandler(getMemberAccountRoute, async ({ params, caller }) => {
  const member = await findMember(members(), params.id);
  return member && inScope(scopeOf(caller), member.institutionId)
    ? ok(memberAnswer(member, await accountStatus(members(), params.id)))
    : refuse('not_found', 'There is no such member account.');
});
