import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { findHold } from '../holds/hold-access.ts';
import { getFreezeRoute } from '../holds/hold-routes.ts';
import { freezeAnswer } from '../holds/hold-schemas.ts';

export const handler = httpHandler(getFreezeRoute, async ({ caller, params }) => {
  const hold = await findHold(ledger(), { caller, id: params.id });
  return isRefusal(hold) ? hold : ok(freezeAnswer(hold));
});
