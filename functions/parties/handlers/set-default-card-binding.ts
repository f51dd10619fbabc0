import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { unbinding } from '../../runtime/wiring/parties.ts';
import { shownBinding } from '../answers.ts';
import { setDefaultCardBindingRoute } from '../routes.ts';
import { setDefaultBinding } from '../set-default.ts';

export const handler = httpHandler(setDefaultCardBindingRoute, async ({ params, caller }) => {
  const binding = await setDefaultBinding(unbinding(), { institutionId: institutionOf(caller), id: params.id });
  return isRefusal(binding) ? binding : ok(await shownBinding(unbinding(), binding, unbinding().clock()));
});
