import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { environmentValue } from '../../runtime/environment.ts';
import { httpHandler } from '../../runtime/http.ts';
import { clientKeeping } from '../../runtime/wiring/credentials.ts';
import { issueClient } from '../institution-clients.ts';
import { createClientRoute } from '../routes.ts';

export const handler = httpHandler(createClientRoute, async ({ params, body, caller, operationId }) => {
  const command = { institutionId: params.id, name: body?.name, createdBy: caller.clientId, operationId };
  const made = await issueClient(clientKeeping(), command);
  return isRefusal(made) ? made : created({ ...made, tokenUrl: environmentValue('TOKEN_URL') });
});
