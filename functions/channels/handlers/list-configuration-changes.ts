import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { listChanges } from '../configuration/change-store.ts';
import { listConfigurationChangesRoute } from '../routes.ts';

export const handler = httpHandler(listConfigurationChangesRoute, async ({ params, query }) =>
  ok(await listChanges(channels().table, params, pageRequest(query))),
);
