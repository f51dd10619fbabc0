import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { cardBinding } from '../../runtime/wiring/parties.ts';
import { bindingAnswer } from '../answers.ts';
import { bindCard } from '../bind-card.ts';
import { createCardBindingRoute } from '../routes.ts';

export const handler = httpHandler(createCardBindingRoute, async ({ body, caller, operationId }) => {
  const { accountId, cardNumber: number, ...holder } = body;
  const card = { number, ...holder };
  const bound = await bindCard(cardBinding(), { institutionId: institutionOf(caller), accountId, card, operationId });
  return isRefusal(bound) ? bound : created(bindingAnswer(bound));
});
