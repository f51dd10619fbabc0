import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { institutionLookup } from '../../runtime/wiring/credentials.ts';
import { listInstitutionClients } from '../institution-clients.ts';
import { listClientsRoute } from '../routes.ts';

export const handler = httpHandler(listClientsRoute, async ({ params, query }) => {
  const clients = await listInstitutionClients(institutionLookup(), params.id, pageRequest(query));
  return isRefusal(clients) ? clients : ok(clients);
});
