import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { signing } from '../../runtime/wiring/parties.ts';
import { shownBinding } from '../answers.ts';
import { confirmBinding } from '../confirm-binding.ts';
import { confirmCardBindingRoute } from '../routes.ts';

export const handler = httpHandler(confirmCardBindingRoute, async ({ params, body, caller, operationId }) => {
  const command = { ...body, institutionId: institutionOf(caller), id: params.id, operationId };
  const binding = await confirmBinding(signing(), command);
  return isRefusal(binding) ? binding : ok(await shownBinding(signing(), binding, signing().clock()));
});
