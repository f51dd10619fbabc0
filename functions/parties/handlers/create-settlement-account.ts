import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { registering } from '../../runtime/wiring/parties.ts';
import { settlementAccountAnswer } from '../answers.ts';
import { createSettlementAccountRoute } from '../routes.ts';
import { registerSettlementAccount } from '../settlement-accounts.ts';

export const handler = httpHandler(createSettlementAccountRoute, async ({ body, operationId }) => {
  const merchant = await registerSettlementAccount(registering(), { ...body, operationId });
  return isRefusal(merchant) ? merchant : created(settlementAccountAnswer(merchant));
});
