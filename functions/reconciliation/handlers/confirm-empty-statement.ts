import { signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { confirmEmptyStatementRoute } from '../calendar/calendar-routes.ts';
import { expectedStatementView } from '../calendar/calendar-view.ts';
import { confirmEmpty } from '../calendar/confirm-empty.ts';

export const handler = httpHandler(confirmEmptyStatementRoute, async ({ caller, params, body }) => {
  const request = { day: params, by: signatureOf(caller), note: body.note };
  const confirmed = await confirmEmpty(reconciliation(), request);
  return isRefusal(confirmed) ? confirmed : ok(expectedStatementView(confirmed));
});
