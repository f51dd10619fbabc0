import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reserves } from '../../runtime/wiring/routing.ts';
import { putReserveRoute } from '../routing/routing-routes.ts';
import { reserveAnswer } from '../routing/routing-schemas.ts';
import { setReserve } from '../routing/tell-reserve.ts';

export const handler = httpHandler(putReserveRoute, async ({ params, body, caller, operationId }) => {
  const { balance, lowWater } = body;
  const level = await setReserve(reserves(), {
    ...params,
    balance: moneyFromJson(balance),
    lowWater: typeof lowWater === 'number' ? BigInt(lowWater) : lowWater,
    operator: caller.clientId,
    operationId,
  });
  return isRefusal(level) ? level : ok(reserveAnswer(level));
});
