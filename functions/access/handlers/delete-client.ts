import { isRefusal } from '../../kernel/refusal.ts';
import { noContent } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { clientKeeping } from '../../runtime/wiring/credentials.ts';
import { withdrawClient } from '../institution-clients.ts';
import { deleteClientRoute } from '../routes.ts';

export const handler = httpHandler(deleteClientRoute, async ({ params, caller }) => {
  const command = { institutionId: params.id, clientId: params.clientId, withdrawnBy: caller.clientId };
  const outcome = await withdrawClient(clientKeeping(), command);
  return isRefusal(outcome) ? outcome : noContent();
});
