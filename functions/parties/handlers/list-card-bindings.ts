import { inScope, scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { bindingAnswer } from '../answers.ts';
import { listBindings } from '../binding-store.ts';
import { findMember } from '../member-store.ts';
import { listCardBindingsRoute } from '../routes.ts';

export const handler = httpHandler(listCardBindingsRoute, async ({ query, caller }) => {
  const member = await findMember(parties(), query.accountId);
  if (!member || !inScope(scopeOf(caller), member.institutionId)) {
    return refuse('not_found', 'There is no such member account.');
  }
  const { items, nextCursor } = await listBindings(parties(), member.accountId, pageRequest(query));
  return ok({ items: items.map(bindingAnswer), nextCursor });
});
