import { isRefusal } from '../../kernel/refusal.ts';
import { noContent } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { configuring } from '../../runtime/wiring/channels.ts';
import { deleteConfiguration } from '../configuration/change-configuration.ts';
import { deleteConfigurationRoute } from '../routes.ts';

export const handler = httpHandler(deleteConfigurationRoute, async ({ params, query, caller, operationId }) => {
  const command = { ...params, ...query, changedBy: caller.clientId, operationId };
  const outcome = await deleteConfiguration(configuring(), command);
  return isRefusal(outcome) ? outcome : noContent();
});
