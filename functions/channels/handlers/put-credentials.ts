import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { merchantKeeping, vault } from '../../runtime/wiring/channels.ts';
import { putCredentials } from '../credentials/change-merchant.ts';
import { merchantAnswer } from '../merchant-schemas.ts';
import { putCredentialsRoute } from '../routes.ts';

export const handler = httpHandler(putCredentialsRoute, async ({ params, body, caller, operationId }) => {
  const command = { ...params, ...body, changedBy: caller.clientId, operationId };
  const merchant = await putCredentials({ ...merchantKeeping(), vault: vault() }, command);
  return isRefusal(merchant) ? merchant : ok(merchantAnswer(merchant));
});
