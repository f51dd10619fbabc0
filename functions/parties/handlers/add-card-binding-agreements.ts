import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { addingAgreements } from '../../runtime/wiring/parties.ts';
import { addAgreements } from '../add-agreements.ts';
import { shownBinding } from '../answers.ts';
import { addCardBindingAgreementsRoute } from '../routes.ts';

export const handler = httpHandler(addCardBindingAgreementsRoute, async ({ params, caller }) => {
  const adding = addingAgreements();
  const binding = await addAgreements(adding, { institutionId: institutionOf(caller), id: params.id });
  return isRefusal(binding) ? binding : ok(await shownBinding(adding, binding, adding.clock()));
});
