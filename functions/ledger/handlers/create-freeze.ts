import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { createFreezeRoute } from '../holds/hold-routes.ts';
import { changedFreezeAnswer } from '../holds/hold-schemas.ts';
import { placeHold } from '../holds/place-hold.ts';

export const handler = httpHandler(createFreezeRoute, async ({ caller, body }) => {
  const placed = await placeHold(ledger(), { caller, ...body, amount: moneyFromJson(body.amount) });
  return isRefusal(placed) ? placed : created(await changedFreezeAnswer(ledger(), placed));
});
