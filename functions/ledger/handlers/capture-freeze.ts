import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { captureHold } from '../holds/capture-hold.ts';
import { captureFreezeRoute } from '../holds/hold-routes.ts';
import { changedFreezeAnswer } from '../holds/hold-schemas.ts';

export const handler = httpHandler(captureFreezeRoute, async ({ caller, params, body, operationId }) => {
  const amount = body.amount && moneyFromJson(body.amount);
  const captured = await captureHold(ledger(), { ...body, caller, holdId: params.id, amount, operationId });
  return isRefusal(captured) ? captured : ok(await changedFreezeAnswer(ledger(), captured));
});
