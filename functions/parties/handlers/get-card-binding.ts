import { inScope, scopeOf } from '../../kernel/caller.ts';
import { systemClock } from '../../kernel/clock.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { shownBinding } from '../answers.ts';
import { findBinding } from '../binding-store.ts';
import { getCardBindingRoute } from '../routes.ts';

export const handler = httpHandler(getCardBindingRoute, async ({ params, caller }) => {
  const binding = await findBinding(parties(), params.id);
  return binding && inScope(scopeOf(caller), binding.institutionId)
    ? ok(await shownBinding(parties(), binding, systemClock()))
    : refuse('not_found', 'There is no such card binding.');
});
