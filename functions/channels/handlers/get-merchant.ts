import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { readMerchant } from '../credentials/change-merchant.ts';
import { merchantAnswer } from '../merchant-schemas.ts';
import { getMerchantRoute } from '../routes.ts';

export const handler = httpHandler(getMerchantRoute, async ({ params }) => {
  const merchant = await readMerchant(channels(), params);
  return isRefusal(merchant) ? merchant : ok(merchantAnswer(merchant));
});
