import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { configuring } from '../../runtime/wiring/channels.ts';
import { putConfiguration } from '../configuration/change-configuration.ts';
import { show } from '../configuration/list-configuration.ts';
import { putConfigurationRoute } from '../routes.ts';

export const handler = httpHandler(putConfigurationRoute, async ({ params, body, caller, operationId }) => {
  const command = { ...params, put: body, changedBy: caller.clientId, operationId };
  const entry = await putConfiguration(configuring(), command);
  return isRefusal(entry) ? entry : ok(show(configuring().channels, entry));
});
