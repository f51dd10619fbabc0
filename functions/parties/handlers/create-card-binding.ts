import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted, created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { cardBinding } from '../../runtime/wiring/parties.ts';
import { shownBinding } from '../answers.ts';
import { bindCard } from '../bind-card.ts';
import { createCardBindingRoute } from '../routes.ts';

export const handler = httpHandler(createCardBindingRoute, async ({ body, caller, operationId }) => {
  const { accountId, cardNumber: number, ...holder } = body;
  const card = { number, ...holder };
  const binding = cardBinding();
  const bound = await bindCard(binding, { institutionId: institutionOf(caller), accountId, card, operationId });
  if (isRefusal(bound)) return bound;
  const shown = await shownBinding(binding, bound, binding.clock());
  return bound.status === 'pending' ? accepted(shown) : created(shown);
});
