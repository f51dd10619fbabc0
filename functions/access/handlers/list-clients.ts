import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { accessTable } from '../../runtime/wiring/access.ts';
import { listClients } from '../client-store.ts';
import { listClientsRoute } from '../routes.ts';

export const handler = httpHandler(listClientsRoute, async ({ params, query }) =>
  ok(await listClients(accessTable(), params.id, pageRequest(query))),
);
