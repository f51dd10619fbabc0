import { inScope, scopeOf } from '../../kernel/caller.ts';
import { systemClock } from '../../kernel/clock.ts';
import { pageRequest } from '../../kernel/page.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { bindingAnswer } from '../answers.ts';
import { listBindings } from '../binding-store.ts';
import { findDefault } from '../default-store.ts';
import { findHolder } from '../holder.ts';
import { listCardBindingsRoute } from '../routes.ts';

export const handler = httpHandler(listCardBindingsRoute, async ({ query, caller }) => {
  const { accountId } = query;
  const holder = await findHolder(parties(), scopeOf(caller), accountId);
  if (!holder || !inScope(scopeOf(caller), holder)) return refuse('not_found', 'There is no such account.');
  const { bindingId: defaultId } = await findDefault(parties(), accountId);
  const { items, nextCursor } = await listBindings(parties(), accountId, pageRequest(query));
  const shown = { defaultId, now: systemClock() };
  return ok({ items: items.map((binding) => bindingAnswer(binding, shown)), nextCursor });
});
