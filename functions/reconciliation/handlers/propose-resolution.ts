import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { cases } from '../../runtime/wiring/cases.ts';
import { proposeResolutionRoute } from '../cases/case-routes.ts';
import { caseView } from '../cases/case-view.ts';
import { proposeResolution } from '../cases/propose.ts';

export const handler = httpHandler(proposeResolutionRoute, async ({ caller, params, body, operationId }) => {
  const proposal = { ...body, id: params.id, by: caller.clientId, operationId };
  const proposed = await proposeResolution(cases(), proposal);
  return isRefusal(proposed) ? proposed : created(caseView(proposed, cases().clock()));
});
