import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { merchantPutting } from '../../runtime/wiring/channels.ts';
import { putMerchant } from '../credentials/change-merchant.ts';
import { merchantAnswer } from '../merchant-schemas.ts';
import { putMerchantRoute } from '../routes.ts';

export const handler = httpHandler(putMerchantRoute, async ({ params, body, caller, operationId }) => {
  const command = { ...params, ...body, changedBy: caller.clientId, operationId };
  const merchant = await putMerchant(merchantPutting(), command);
  return isRefusal(merchant) ? merchant : ok(merchantAnswer(merchant));
});
