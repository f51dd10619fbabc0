import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { noContent } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { unbinding } from '../../runtime/wiring/parties.ts';
import { deleteCardBindingRoute } from '../routes.ts';
import { unbindCard } from '../unbind-card.ts';

export const handler = httpHandler(deleteCardBindingRoute, async ({ params, caller, operationId }) => {
  const outcome = await unbindCard(unbinding(), { institutionId: institutionOf(caller), id: params.id, operationId });
  return isRefusal(outcome) ? outcome : noContent();
});
