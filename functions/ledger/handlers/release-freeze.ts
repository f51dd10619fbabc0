import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { releaseFreezeRoute } from '../holds/hold-routes.ts';
import { changedFreezeAnswer } from '../holds/hold-schemas.ts';
import { releaseHold } from '../holds/release-hold.ts';

export const handler = httpHandler(releaseFreezeRoute, async ({ caller, params, body, operationId }) => {
  const amount = body.amount && moneyFromJson(body.amount);
  const released = await releaseHold(ledger(), { caller, holdId: params.id, amount, operationId });
  return isRefusal(released) ? released : ok(await changedFreezeAnswer(ledger(), released));
});
